/** The live stream: one EventSource, its state, and who listens. */
import { ref, type Ref } from "vue";
import { loadSession } from "./session";

export interface LiveCase {
  id: string;
  no: string;
  state: string;
  version: number;
  area_no: number;
  clock: string;
  due_at: string | null;
  warn_at: string | null;
  lon: number | null;
  lat: number | null;
  kind_id: string | null;
  level: number | null;
  open: boolean;
  lead_unit_id: string | null;
  handler_id: string | null;
  simulated: boolean;
  supervised: number;
  reports: number;
  at: string;
}

/** Who has a case open. */
export interface LivePresence {
  id: string;
  people: { user: string; name: string; doing: "looking" | "acting" }[];
}

/** A notice was told, read or taken on; its words are fetched by whoever shows them. */
export interface LiveNotice {
  id: string;
  level: number | null;
  needs_ack: boolean;
}

/** Parts of a city's map have changed; what they are now is asked for anew. */
export interface LiveMap {
  city: number;
  collections: string[];
}

/** A signal of the rules opened, moved, was answered or closed. */
export interface LiveSignal {
  id: string;
  severity: number;
  version: number;
  closed_at: string | null;
}

export type StreamState = "connecting" | "live" | "broken";

export interface Stream {
  state: Ref<StreamState>;
  /** When the last message or ping-opened connection was seen. */
  seenAt: Ref<Date | null>;
  /** Since when it is not live. */
  brokenAt: Ref<Date | null>;
  close(): void;
}

export interface Listener {
  changed(row: LiveCase): void;
  gone(id: string): void;
  /** Too much was missed: fetch afresh. */
  reset(): void;
  present?(row: LivePresence): void;
  /** There is news of a notice to who is signed in. */
  noticed?(notice: LiveNotice): void;
  /** Something on the map is no longer as it was drawn. */
  mapped?(news: LiveMap): void;
  /** There is news of a signal in sight. */
  signalled?(signal: LiveSignal): void;
  /** Readings of things came in; at most once a second. */
  sensed?(): void;
  /** A connection has opened: what was known of who is where is old. */
  joined?(): void;
}

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"];

/** The stream by the name this page was asked by: cookies keep a machine's names apart. */
export function streamHere(url: string, name = location.hostname): string {
  const stream = new URL(url);
  if (LOOPBACK.includes(stream.hostname)) stream.hostname = name;
  return stream.href;
}

interface Line {
  stream: Omit<Stream, "close">;
  listeners: Set<Listener>;
  /** Ask for everything anew: whoever has just joined hears the beginning. */
  afresh(): void;
  end(): void;
}

/** One connection an address, however many parts of the page listen. */
const lines = new Map<string, Line>();

/** Listen; the browser reconnects with Last-Event-ID by itself while the address answers. */
export function listen(url: string, listener: Listener): Stream {
  const line = lines.get(url) ?? connect(url);
  lines.set(url, line);
  line.listeners.add(listener);
  line.afresh();
  return {
    ...line.stream,
    close() {
      line.listeners.delete(listener);
      if (line.listeners.size) return;
      line.end();
      lines.delete(url);
    },
  };
}

function connect(url: string): Line {
  const state = ref<StreamState>("connecting");
  const seenAt = ref<Date | null>(null);
  const brokenAt = ref<Date | null>(null);
  const listeners = new Set<Listener>();
  let source: EventSource | null = null;
  let again = 0;
  // The first picture may be older than the first message: ask once more when listening.
  let lost = true;

  function broke(): void {
    state.value = "broken";
    brokenAt.value ??= new Date();
  }

  /** The machine says that its line is gone, long before the connection would. */
  function cut(): void {
    window.clearTimeout(again);
    source?.close();
    lost = true;
    broke();
  }

  function back(): void {
    window.clearTimeout(again);
    source?.close();
    open();
  }

  function told<T>(name: string, tell: (listener: Listener, said: T) => void): void {
    source?.addEventListener(name, (event) => {
      seenAt.value = new Date();
      const said = JSON.parse((event as MessageEvent<string>).data || "null") as T;
      for (const one of listeners) tell(one, said);
    });
  }

  function open(): void {
    source = new EventSource(streamHere(url), { withCredentials: true });
    source.onopen = () => {
      state.value = "live";
      brokenAt.value = null;
      seenAt.value = new Date();
      for (const one of listeners) one.joined?.();
      // A source that had given up starts without Last-Event-ID: fetch what was missed.
      if (lost) for (const one of listeners) one.reset();
      lost = false;
    };
    source.onerror = () => {
      broke();
      if (source?.readyState === EventSource.CLOSED) {
        lost = true;
        // Refused, not just cut: a session that was ended elsewhere leads to sign-in.
        void loadSession().catch(() => undefined);
        again = window.setTimeout(open, 3000);
      }
    };
    told<LiveCase>("case", (one, row) => one.changed(row));
    told<{ id: string }>("gone", (one, row) => one.gone(row.id));
    told<LivePresence>("presence", (one, row) => one.present?.(row));
    told<LiveMap>("map", (one, news) => one.mapped?.(news));
    told<LiveNotice>("notice", (one, row) => one.noticed?.(row));
    told<LiveSignal>("signal", (one, row) => one.signalled?.(row));
    told<object>("things", (one) => one.sensed?.());
    source.addEventListener("reset", () => {
      for (const one of listeners) one.reset();
    });
  }

  window.addEventListener("offline", cut);
  window.addEventListener("online", back);
  return {
    stream: { state, seenAt, brokenAt },
    listeners,
    afresh() {
      lost = true;
      back();
    },
    end() {
      window.removeEventListener("offline", cut);
      window.removeEventListener("online", back);
      window.clearTimeout(again);
      source?.close();
    },
  };
}
