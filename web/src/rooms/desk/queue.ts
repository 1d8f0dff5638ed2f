/** The queue: pages of cases, kept true by the live stream instead of by asking again. */
import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref } from "vue";
import { api, ask, type Schemas } from "@/api/client";
import { listen, type LiveCase, type Stream } from "@/api/stream";
import type { CaseRow, Counts, Person, Wanted } from "./types";
import { askedOf } from "./wanted";

const PAGE = 100;
/** New cases are fetched together, not one by one. */
const CATCH_UP_MS = 1500;

/** `listed` false: only what the stream tells, without the list itself. */
export function useQueue(wanted: Ref<Wanted>, streamUrl: string, listed = true) {
  const rows = shallowRef<CaseRow[]>([]);
  const next = ref<string | null>(null);
  const loading = ref(false);
  const error = ref<unknown>(null);
  const counts = ref<Counts | null>(null);
  const changed = ref<LiveCase | null>(null);
  const people = shallowRef(new Map<string, Person[]>());
  /** Counts the times everything was fetched anew. */
  const afresh = ref(0);
  let run = 0;
  let timer = 0;
  let took = 0;

  function query(cursor?: string) {
    return { ...askedOf(wanted.value), limit: PAGE, ...(cursor ? { cursor } : {}) };
  }

  /** Fetch the first page; with `keep`, rows further down stay where the reader is. */
  async function load(keep = false): Promise<void> {
    if (!listed) return;
    const mine = ++run;
    const started = performance.now();
    loading.value = true;
    try {
      const [page, told] = await Promise.all([
        ask(api.GET("/api/v1/cases", { params: { query: query() as never } })),
        // Without its counts the queue still works.
        ask(api.GET("/api/v1/cases/counts")).catch(() => null),
      ]);
      if (mine !== run) return;
      took = performance.now() - started;
      const fresh = new Set(page.items.map((row) => row.id));
      const deep = keep && rows.value.length > PAGE && page.next != null;
      const rest = deep ? rows.value.slice(PAGE).filter((row) => !fresh.has(row.id)) : [];
      rows.value = [...page.items, ...rest];
      if (!deep) next.value = page.next ?? null;
      counts.value = told as never;
      error.value = null;
    } catch (problem) {
      if (mine === run) error.value = problem;
    } finally {
      if (mine === run) loading.value = false;
    }
  }

  async function more(): Promise<void> {
    if (!next.value || loading.value) return;
    loading.value = true;
    try {
      const page = await ask(
        api.GET("/api/v1/cases", { params: { query: query(next.value) as never } }),
      );
      const known = new Set(rows.value.map((row) => row.id));
      rows.value = [...rows.value, ...page.items.filter((row) => !known.has(row.id))];
      next.value = page.next ?? null;
    } finally {
      loading.value = false;
    }
  }

  function catchUp(): void {
    if (!timer) {
      timer = window.setTimeout(() => {
        timer = 0;
        void load(true);
        // A slow answer is asked for less often.
      }, Math.max(CATCH_UP_MS, took * 4));
    }
  }

  function patch(live: LiveCase): void {
    changed.value = live;
    const at = rows.value.findIndex((row) => row.id === live.id);
    const old = rows.value[at];
    if (old && !live.open && old.version < live.version) {
      rows.value = rows.value.filter((row) => row.id !== live.id);
      catchUp();
      return;
    }
    if (!old) {
      if (live.open) catchUp();
      return;
    }
    if (old.version >= live.version) return;
    const copy = rows.value.slice();
    copy[at] = {
      ...old,
      state: live.state,
      version: live.version,
      clock: live.clock,
      due_at: live.due_at,
      warn_at: live.warn_at,
      level: live.level,
      supervised: live.supervised,
      reports: live.reports,
    };
    rows.value = copy;
    // Whether it still belongs here, and how many there are, is the server's to say.
    catchUp();
  }

  /** What the server answered to one's own moves: the next one must not wait for the stream to say so. */
  function answered(done: readonly Schemas["RowResult"][]): void {
    const told = new Map(done.flatMap((one) => (one.ok && one.id && one.version ? [[one.id, one]] : [])));
    rows.value = rows.value.map((row) => {
      const now = told.get(row.id);
      return now && now.version! > row.version ? { ...row, version: now.version!, state: now.state ?? row.state } : row;
    });
  }

  let stream: Stream | null = null;
  if (streamUrl) {
    stream = listen(streamUrl, {
      changed: patch,
      gone: (id) => (rows.value = rows.value.filter((row) => row.id !== id)),
      reset: () => {
        afresh.value += 1;
        void load(true);
      },
      joined: () => (people.value = new Map()),
      present: ({ id, people: here }) => {
        const now = new Map(people.value);
        if (here.length) now.set(id, here);
        else now.delete(id);
        people.value = now;
      },
    });
  }
  onBeforeUnmount(() => {
    window.clearTimeout(timer);
    stream?.close();
  });
  watch(wanted, () => void load(), { deep: true, immediate: true });

  return {
    rows,
    counts,
    loading,
    error,
    changed,
    hasMore: computed(() => next.value !== null),
    /** How many of them are on no map; said only where the whole list is known. */
    placeless: computed(() =>
      next.value ? 0 : rows.value.filter((row) => row.lon == null || row.lat == null).length,
    ),
    streamState: computed(() => stream?.state.value ?? "broken"),
    brokenAt: computed(() => stream?.brokenAt.value ?? null),
    people,
    afresh,
    load,
    more,
    answered,
  };
}
