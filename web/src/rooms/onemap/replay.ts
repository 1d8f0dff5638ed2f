/** Cases played back by the time they were reported: a day's worth at a moment. */
import { useQuery } from "@tanstack/vue-query";
import { computed, onBeforeUnmount, ref, watch, type Ref } from "vue";
import { api, ask, type Schemas } from "@/api/client";

type Row = Pick<Schemas["CaseRowOut"], "id" | "no" | "state" | "clock" | "level" | "lon" | "lat" | "reported_at">;
export const MOST_DAYS = 92;
const PAGES = 10;
const DAY_MS = 86_400_000;
const STEP_MS = 3_600_000;
const BEAT_MS = 250;

/** The days as instants [from, until), in the city's time (UTC+8). */
export function spanOfDays(since: string, until: string): [number, number] {
  return [Date.parse(`${since}T00:00:00+08:00`), Date.parse(`${until}T00:00:00+08:00`) + DAY_MS];
}

export function goodDays(since: string, until: string): boolean {
  if (!since || !until || since > until) return false;
  const [from, to] = spanOfDays(since, until);
  return to - from <= MOST_DAYS * DAY_MS;
}

/** Rows reported in the 24 hours up to a moment, as points. */
export function shownAt(rows: readonly Row[], moment: number): GeoJSON.FeatureCollection {
  const features = rows.flatMap((row): GeoJSON.Feature[] => {
    const at = Date.parse(row.reported_at);
    if (row.lon == null || row.lat == null || at > moment || at <= moment - DAY_MS) return [];
    const { id, no, state, clock, level } = row;
    return [{ type: "Feature", properties: { id, no, state, clock, level }, geometry: { type: "Point", coordinates: [row.lon, row.lat] } }];
  });
  return { type: "FeatureCollection", features };
}

async function load(since: string, until: string): Promise<{ rows: Row[]; more: boolean }> {
  const [from, to] = spanOfDays(since, until).map((one) => new Date(one).toISOString());
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const query: Record<string, unknown> = { queue: "all", since: from, until: to, sort: "reported", limit: 200, ...(cursor ? { cursor } : {}) };
    const found: Schemas["CasePage"] = await ask(api.GET("/api/v1/cases", { params: { query: query as never } }));
    rows.push(...(found.items as Row[]));
    cursor = found.next ?? null;
    if (!cursor) break;
  }
  return { rows, more: cursor !== null };
}

export function useReplay(days: Ref<readonly [string, string]>) {
  const on = computed(() => goodDays(days.value[0], days.value[1]));
  const found = useQuery({
    queryKey: computed(() => ["map-replay", ...days.value]),
    queryFn: () => load(days.value[0], days.value[1]),
    enabled: on,
    retry: false,
  });
  const span = computed<[number, number]>(() => (on.value ? spanOfDays(days.value[0], days.value[1]) : [0, 0]));
  const moment = ref(0);
  watch(span, ([from]) => (moment.value = from + DAY_MS), { immediate: true });
  const playing = ref(false);
  let beat: ReturnType<typeof setInterval> | undefined;
  watch([playing, on], ([now, still]) => {
    clearInterval(beat);
    if (!now || !still) return;
    beat = setInterval(() => {
      if (moment.value >= span.value[1]) playing.value = false;
      else moment.value = Math.min(span.value[1], moment.value + STEP_MS);
    }, BEAT_MS);
  });
  onBeforeUnmount(() => clearInterval(beat));
  return {
    on,
    found,
    span,
    moment,
    playing,
    step: STEP_MS,
    shown: computed(() => shownAt(found.data.value?.rows ?? [], moment.value)),
    go(to: number): void {
      moment.value = to;
    },
    toggle(): void {
      if (!playing.value && moment.value >= span.value[1]) moment.value = span.value[0];
      playing.value = !playing.value;
    },
  };
}

export type Replay = ReturnType<typeof useReplay>;
