/** The layers that stand in space, and what they hold round the place that is looked at. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, ask, type Schemas } from "@/api/client";
import { boxAround, solidsOf, type Solids } from "@/map/solid";
import type { View } from "@/map/SolidMap.vue";

export type Layer = Schemas["MapLayerOut"];
const MOST = 10_000;
const NONE: Solids = { buildings: [], pipes: [] };

export function standing(layer: Layer): boolean {
  return typeof (layer.style as { space?: unknown }).space === "object";
}

export function useSolids(view: Ref<View>) {
  const list = useQuery({
    queryKey: ["layers"],
    queryFn: () => ask(api.GET("/api/v1/layers", {})),
    retry: false,
  });
  const layers = computed<Layer[]>(() => ((list.data.value?.items ?? []) as Layer[]).filter(standing));
  const box = computed(() => boxAround(view.value.center, view.value.zoom));
  const held = useQuery({
    queryKey: computed(() => [
      "solids",
      layers.value.map((one) => `${one.id}:${one.version}`).join(),
      box.value.join(),
    ]),
    queryFn: () => Promise.all(layers.value.map((one) => read(one, box.value.join()))),
    enabled: computed(() => layers.value.length > 0),
    // What was there stays while a neighbouring piece is asked for.
    placeholderData: (before: Read[] | undefined) => before,
    staleTime: 300_000,
    retry: false,
  });
  const solids = computed<Solids>(() => {
    const all = held.data.value;
    if (!all) return NONE;
    return {
      buildings: all.flatMap((one) => one.solids.buildings),
      pipes: all.flatMap((one) => one.solids.pipes),
    };
  });
  const truncated = computed(() => held.data.value?.some((one) => one.truncated) ?? false);
  const error = computed(() => list.error.value ?? held.error.value);
  const loading = computed(() => list.isPending.value || (layers.value.length > 0 && held.isPending.value));
  return { layers, solids, truncated, error, loading };
}

interface Read {
  solids: Solids;
  truncated: boolean;
}

async function read(layer: Layer, bbox: string): Promise<Read> {
  const found = await ask(
    api.GET("/api/v1/layers/{layer_id}/features.geojson", {
      params: { path: { layer_id: layer.id }, query: { bbox, limit: MOST } },
    }),
  );
  const features = found.features as unknown as GeoJSON.Feature[];
  return {
    solids: solidsOf(layer.code, features, layer.synthetic),
    truncated: Boolean((found as { truncated?: boolean }).truncated),
  };
}
