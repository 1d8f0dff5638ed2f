/** The packs' reasons, which the reporter reads. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type ComputedRef } from "vue";
import { api, ask } from "@/api/client";
import type { Choice } from "@/ui/schema";

export function useReasons(): ComputedRef<Choice[]> {
  const reasons = useQuery({
    queryKey: ["moderation-reasons"],
    queryFn: () => ask(api.GET("/api/v1/moderation/reasons")),
    staleTime: Infinity,
  });
  return computed(() =>
    (reasons.data.value?.items ?? []).map((one) => ({
      const: one.id,
      title: one.id,
      "x-title": one.text,
    })),
  );
}
