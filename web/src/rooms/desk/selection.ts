/** Which case is open. The list shows it at once; what costs (the address, the fetch, the map)
 * follows when the hand rests, so that a held key never waits for a case it only passes. */
import { onBeforeUnmount, ref, watch, type Ref } from "vue";
import { useRoute, useRouter } from "vue-router";

/** The first step of a run is fetched after its paint; within a run only where it ends. */
const AFTER_PAINT_MS = 40;
const REST_MS = 180;

export interface Selection {
  /** What the list marks. */
  activeId: Ref<string | null>;
  /** What is fetched and stands in the address: the same, a moment later. */
  settledId: Ref<string | null>;
  open(id: string): void;
}

export function useSelection(): Selection {
  const route = useRoute();
  const router = useRouter();
  const inAddress = (): string | null => (typeof route.params.id === "string" && route.params.id) || null;
  const activeId = ref(inAddress());
  const settledId = ref(activeId.value);
  let timer = 0;
  let last = -Infinity;
  let asked: string | null = null;

  function settle(): void {
    timer = 0;
    settledId.value = activeId.value;
    asked = activeId.value;
    if (asked && asked !== inAddress()) void router.replace({ path: `/desk/${asked}`, query: route.query });
  }

  function open(id: string): void {
    activeId.value = id;
    const now = performance.now();
    window.clearTimeout(timer);
    timer = window.setTimeout(settle, now - last < REST_MS * 2 ? REST_MS : AFTER_PAINT_MS);
    last = now;
  }

  // Back, a link, an address typed: whatever is not our own doing.
  watch(inAddress, (id) => {
    if (id === asked && id !== null) return;
    window.clearTimeout(timer);
    asked = id;
    activeId.value = settledId.value = id;
  });
  onBeforeUnmount(() => window.clearTimeout(timer));
  return { activeId, settledId, open };
}

/** Acts on the open case that were asked for before it was there: they wait for it, in order, and
 * are dropped when another is opened or it cannot be fetched. Never done to the case before. */
export function useWhenThere(
  activeId: Ref<string | null>,
  there: Ref<string | null>,
  failed: Ref<unknown>,
): (act: () => void) => void {
  let early: (() => void)[] = [];
  watch(activeId, () => (early = []), { flush: "sync" });
  watch(failed, (problem) => problem && (early = []));
  watch(
    there,
    (id) => {
      if (!id || id !== activeId.value) return;
      const acts = early;
      early = [];
      for (const act of acts) act();
    },
    { flush: "post" },
  );
  return (act) => {
    if (!activeId.value) return;
    if (there.value === activeId.value) act();
    else early.push(act);
  };
}
