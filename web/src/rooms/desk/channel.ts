/** The desk and its map in another window: one selection, one filter. */
import { onBeforeUnmount } from "vue";

export interface Shared {
  /** The case that is open, and where it lies. */
  id: string | null;
  /** Its number. */
  no: string | null;
  lon: number | null;
  lat: number | null;
  /** The desk's filters, as in its address. */
  query: Record<string, string>;
}

type Said = { shared: Shared } | { pick: string } | { hello: true } | { bye: true };

export interface Heard {
  /** The desk says what it shows. */
  shared?(now: Shared): void;
  /** The map picked a case. */
  pick?(id: string): void;
  /** A map has opened and asks. */
  hello?(): void;
  /** A desk has gone; another one may still be there. */
  bye?(): void;
}

export function useDeskChannel(heard: Heard): {
  share(now: Shared): void;
  pick(id: string): void;
  hello(): void;
  bye(): void;
} {
  const line = new BroadcastChannel("chengyun-desk");
  line.onmessage = (event: MessageEvent<Said>) => {
    if ("shared" in event.data) heard.shared?.(event.data.shared);
    else if ("pick" in event.data) heard.pick?.(event.data.pick);
    else if ("bye" in event.data) heard.bye?.();
    else heard.hello?.();
  };
  onBeforeUnmount(() => line.close());
  const say = (said: Said): void => line.postMessage(said);
  return {
    share: (shared) => say({ shared }),
    pick: (pick) => say({ pick }),
    hello: () => say({ hello: true }),
    bye: () => say({ bye: true }),
  };
}
