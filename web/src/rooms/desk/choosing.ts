/** Choosing many: one by one, along the way, or all that are like one. */
import { computed, ref, type Ref } from "vue";
import { like } from "./groups";
import type { CaseRow } from "./types";

/** As many as one request moves. */
export const MOST = 200;

export function useChoosing(rows: Ref<CaseRow[]>, activeId: Ref<string | null>) {
  const chosen = ref(new Set<string>());

  function toggle(id: string): void {
    const next = new Set(chosen.value);
    if (!next.delete(id) && next.size < MOST) next.add(id);
    chosen.value = next;
  }

  function add(ids: readonly string[]): void {
    chosen.value = new Set([...chosen.value, ...ids].slice(0, MOST));
  }

  function addLike(): void {
    const one = rows.value.find((row) => row.id === activeId.value);
    if (one) add(like(rows.value, one).map((row) => row.id));
  }

  return {
    chosen,
    chosenRows: computed(() => rows.value.filter((row) => chosen.value.has(row.id))),
    toggle,
    add,
    addLike,
    only: (ids: readonly string[]) => (chosen.value = new Set(ids)),
    clear: () => (chosen.value = new Set()),
  };
}
