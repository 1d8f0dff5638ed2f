/** The cases on the map: those in view under the desk's filters, sums where they are too many. */
import { onBeforeUnmount, ref, shallowRef, watch, type Ref } from "vue";
import { api, ask, Problem } from "@/api/client";
import type { LiveCase } from "@/api/stream";
import type { Dot } from "@/map/CityMap.vue";
import type { Wanted } from "./types";
import { askedOf } from "./wanted";

const SETTLE_MS = 250;
/** While sums are shown, a change is counted anew only so often. */
const COUNT_AGAIN_MS = 5_000;

export function useDots(wanted: Ref<Wanted>, changed: Ref<LiveCase | null>, again: Ref<number>) {
  const dots = shallowRef<Dot[]>([]);
  const summed = ref(false);
  const total = ref(0);
  let bbox = "";
  let timer = 0;
  let run = 0;

  async function load(): Promise<void> {
    timer = 0;
    if (!bbox) return;
    const mine = ++run;
    const { sort: _, ...asked } = askedOf(wanted.value);
    try {
      const found = await ask(api.GET("/api/v1/cases/map", { params: { query: { bbox, ...asked } as never } }));
      if (mine !== run) return;
      summed.value = found.truncated;
      const sums = found.clusters.map((one, index) => ({ ...one, id: `sum-${index}` }));
      dots.value = found.truncated ? sums : found.items.map((one) => ({ ...one, level: one.level ?? null }));
      total.value = found.truncated ? found.clusters.reduce((n, one) => n + one.n, 0) : found.items.length;
    } catch (problem) {
      // The queue says so already when the line is cut; the map keeps what it has.
      if (!(problem instanceof Problem)) throw problem;
    }
  }

  function soon(wait = SETTLE_MS): void {
    if (!timer) timer = window.setTimeout(() => void load(), wait);
  }

  function moved(box: number[]): void {
    bbox = box.join(",");
    soon();
  }

  watch(changed, (live) => {
    if (!live) return;
    const narrowed = Object.keys(askedOf(wanted.value)).length > 1 || wanted.value.queue === "mine";
    if (summed.value || narrowed) {
      soon(COUNT_AGAIN_MS);
      return;
    }
    const rest = dots.value.filter((dot) => dot.id !== live.id);
    const { lon, lat } = live;
    dots.value = live.open && lon != null && lat != null ? [...rest, { ...live, lon, lat }] : rest;
    total.value = dots.value.length;
  });
  watch([wanted, again], () => soon(), { deep: true });
  onBeforeUnmount(() => window.clearTimeout(timer));
  return { dots, summed, total, moved };
}
