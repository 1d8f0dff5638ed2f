/** Writing a draft step by step: each step is kept at once, and refused when the draft is not the one seen. */
import { useQueryClient } from "@tanstack/vue-query";
import { ref, shallowRef } from "vue";
import { Problem } from "@/api/client";
import { useProblems } from "@/ui/problems";
import { done, type Content, type Step } from "./entries";
import { loadList, save, type ListDetail } from "./lists";

export function useEditing(list: () => ListDetail | null) {
  const { inWords, byField } = useProblems();
  const client = useQueryClient();
  const busy = ref(false);
  const said = ref("");
  const errors = ref<Record<string, string>>({});
  /** Set while somebody must look at what another editor did. */
  const stale = shallowRef<{ base: Content; latest: ListDetail; step: Step } | null>(null);

  function clear(): void {
    said.value = "";
    errors.value = {};
    stale.value = null;
  }

  /** Keep a step; whether it was kept. */
  async function keep(step: Step, on?: ListDetail): Promise<boolean> {
    const from = on ?? list();
    if (!from) return false;
    clear();
    busy.value = true;
    try {
      const next = done(from.content, step);
      await save(from.city_no, next, from.hash, crypto.randomUUID());
      await client.invalidateQueries({ queryKey: ["duty-list", from.id] });
      await client.invalidateQueries({ queryKey: ["duty-lists"] });
      return true;
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "stale") {
        stale.value = { base: from.content, latest: await loadList(from.id), step };
      } else {
        // A fault's field is `entries.<place>.<field>…`.
        errors.value = byField(problem, (field) => field.split(".")[2]?.split("[")[0] ?? field);
        said.value = inWords(problem);
      }
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, said, errors, stale, keep, clear };
}
