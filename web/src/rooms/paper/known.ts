/** Whom and what a line may name: people, units and kinds in the typist's sight. */
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { api, ask } from "@/api/client";
import { session } from "@/api/session";
import { useWords } from "@/ui/words";
import type { Known } from "./lines";

export function useKnown() {
  const { say } = useWords();
  const people = useQuery({
    queryKey: ["paper", "people"],
    queryFn: () => ask(api.GET("/api/v1/users", { params: { query: { limit: 200 } as never } })),
    staleTime: 300_000,
  });
  const units = useQuery({
    queryKey: ["paper", "units"],
    queryFn: () => ask(api.GET("/api/v1/orgs", { params: { query: { limit: 200 } as never } })),
    staleTime: 300_000,
  });
  const kinds = useQuery({
    queryKey: ["kinds", session.value?.city?.area.no ?? 0],
    queryFn: () =>
      ask(api.GET("/api/v1/kinds", { params: { query: { city: session.value?.city?.area.no } } })),
    staleTime: 300_000,
  });
  const users = computed(() => people.data.value?.items ?? []);
  const known = computed<Known>(() => ({
    people: new Map(users.value.map((one) => [one.username, one.id])),
    units: new Map((units.data.value?.items ?? []).map((one) => [say(one.name), one.id])),
    kinds: new Map((kinds.data.value ?? []).map((one) => [say(one.name), one.id])),
  }));
  return { known, users };
}
