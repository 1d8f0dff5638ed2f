/** Asking for what is printed: a command, for paper that leaves the system is on record. */
import { ref, shallowRef } from "vue";
import { useProblems } from "@/ui/problems";

export function usePrinted<T>(fetching: () => Promise<T>) {
  const { inWords } = useProblems();
  const data = shallowRef<T | null>(null);
  const problem = ref("");
  fetching()
    .then((found) => (data.value = found))
    .catch((error: unknown) => (problem.value = inWords(error)));
  return { data, problem };
}
