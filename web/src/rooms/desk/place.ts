/** What a case's own data leaves out: the words of its kind's form, and where its area lies. */
import { useQuery } from "@tanstack/vue-query";
import { computed, onBeforeUnmount, ref, shallowRef, watch, type ComputedRef, type Ref } from "vue";
import { api, ask } from "@/api/client";
import { outlinesOf } from "@/map/outlines";
import { namesAbove } from "@/map/path";
import type { ObjectSchema } from "@/ui/schema";
import { useWords, type BothLanguages } from "@/ui/words";
import type { CaseDetail } from "./types";

export function useKindForm(detail: Ref<CaseDetail | null>): ComputedRef<ObjectSchema | null> {
  const city = computed(() => detail.value?.city_no ?? 0);
  const kinds = useQuery({
    queryKey: computed(() => ["kinds", city.value]),
    queryFn: () => ask(api.GET("/api/v1/kinds", { params: { query: { city: city.value } } })),
    enabled: computed(() => city.value > 0),
    staleTime: 300_000,
  });
  return computed(() => {
    const kind = kinds.data.value?.find((one) => one.id === detail.value?.kind?.id);
    return (kind?.form as ObjectSchema | null | undefined) ?? null;
  });
}

/** The map moves once the hand rests on a case: drawing it costs more than the whole list. */
const MAP_RESTS_MS = 250;

export function usePicked(detail: Ref<CaseDetail | null>): Ref<{ lon: number; lat: number } | null> {
  const picked = shallowRef<{ lon: number; lat: number } | null>(null);
  let timer = 0;
  function put(): void {
    const one = detail.value;
    const [lon, lat] = [one?.lon ?? null, one?.lat ?? null];
    if (lon === (picked.value?.lon ?? null) && lat === (picked.value?.lat ?? null)) return;
    picked.value = lon != null && lat != null ? { lon, lat } : null;
  }
  watch(detail, () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(put, MAP_RESTS_MS);
  });
  onBeforeUnmount(() => window.clearTimeout(timer));
  return picked;
}

export function useWhere(detail: Ref<CaseDetail | null>): ComputedRef<string> {
  const { say } = useWords();
  const names = ref<BothLanguages[]>([]);
  watch(detail, async (now) => {
    const area = now?.area;
    if (!now || !area) {
      names.value = [];
      return;
    }
    const loaded = await outlinesOf(now.city_no);
    if (detail.value?.id === now.id) names.value = namesAbove(loaded, area.no, area.name);
  });
  return computed(() => names.value.map(say).join(" · "));
}
