/** The things of every layer that is on, in the box that is looked at, on both days of a split. */
import { keepPreviousData, useQueries, useQueryClient } from "@tanstack/vue-query";
import { computed, onBeforeUnmount, ref, watch, type ComputedRef, type Ref } from "vue";
import { session } from "@/api/session";
import { listen, type LiveMap, type Stream } from "@/api/stream";
import type { Entry } from "./entries";
import { keyOf, sifted, thingsIn, widened, type Box, type Found } from "./loading";

export interface Half {
  /** By layer. */
  found: Record<string, Found>;
}

/** How often each collection was said to have changed: live tiles are asked for anew by it. */
export type Turns = Readonly<Record<string, number>>;

/** A stream of changes asks the cases anew no more often than this. */
const AGAIN_MS = 3_000;

export function useThings(
  city: Ref<number | null>,
  on: Ref<Entry[]>,
  view: { box: Ref<Box | null>; zoom: Ref<number> },
  days: Ref<string[]>,
): { halves: ComputedRef<Half[]>; turns: Ref<Turns>; pending: ComputedRef<boolean>; failed: ComputedRef<Entry[]> } {
  const wide = computed(() => (view.box.value ? widened(view.box.value) : null));
  const asked = computed(() => {
    const [box, no] = [wide.value, city.value];
    if (!box || no === null) return [];
    const near = on.value.filter((one) => view.zoom.value >= one.minZoom - 0.01);
    return days.value.flatMap((day, half) =>
      near.map((entry) => ({ entry, half, day, box, no, key: keyOf(no, entry.source, box, day) })),
    );
  });
  const distinct = computed(() => [...new Map(asked.value.map((one) => [JSON.stringify(one.key), one])).values()]);
  const answers = useQueries({
    queries: computed(() =>
      distinct.value.map((one) => ({
        queryKey: one.key,
        queryFn: () => thingsIn(one.no, one.entry.source, one.box, one.day),
        staleTime: one.entry.source.collection === "cases" ? 15_000 : 300_000,
        placeholderData: keepPreviousData,
        retry: 1,
      })),
    ),
  });
  const byKey = computed(() => new Map(distinct.value.map((one, at) => [JSON.stringify(one.key), answers.value[at]])));
  const halves = computed(() =>
    days.value.map((_day, half): Half => {
      const found: Record<string, Found> = {};
      for (const one of asked.value.filter((each) => each.half === half)) {
        const data = byKey.value.get(JSON.stringify(one.key))?.data;
        if (data) found[one.entry.id] = sifted(data, one.entry.source.where);
      }
      return { found };
    }),
  );

  const client = useQueryClient();
  let again: ReturnType<typeof setTimeout> | undefined;
  const anew = (): void => {
    again ??= setTimeout(() => {
      again = undefined;
      void client.invalidateQueries({ queryKey: ["onemap", "cases"] });
    }, AGAIN_MS);
  };
  const turns = ref<Turns>({});
  function mapped(news: LiveMap): void {
    if (news.city !== city.value) return;
    for (const one of news.collections) {
      turns.value = { ...turns.value, [one]: (turns.value[one] ?? 0) + 1 };
      void client.invalidateQueries({ queryKey: ["onemap", one] });
    }
  }
  /** Much was missed: everything may be old. */
  function reset(): void {
    if (city.value !== null) mapped({ city: city.value, collections: [...new Set(on.value.map((one) => one.source.collection))] });
  }
  let stream: Stream | null = null;
  watch(
    () => session.value?.stream_url ?? "",
    (url) => {
      stream?.close();
      stream = url ? listen(url, { changed: anew, gone: anew, reset, mapped }) : null;
    },
    { immediate: true },
  );
  onBeforeUnmount(() => {
    stream?.close();
    clearTimeout(again);
  });

  return {
    halves,
    turns,
    pending: computed(() => answers.value.some((one) => one.isPending)),
    failed: computed(() =>
      distinct.value.filter((_one, at) => answers.value[at]?.isError).map((one) => one.entry),
    ),
  };
}
