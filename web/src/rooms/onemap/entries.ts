/** What the layer tree offers: layers that packs declare, and the city's catalogue. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type ComputedRef, type Ref } from "vue";
import { api, ask, type Schemas, type Text } from "@/api/client";
import { catalogLook, type Look } from "@/map/look";

type Plugins = Schemas["MapPluginsOut"];
export type Tool = Schemas["PluginToolOut"];
export type CatalogLayer = Schemas["MapLayerOut"];

export interface Source {
  collection: string;
  /** Level of regions, layer of grids, id of a catalogue layer. */
  part: string;
  where: Record<string, string[]>;
}

export interface Entry {
  id: string;
  group: string;
  title: Text;
  source: Source;
  look: Look;
  note: Text | null;
  minZoom: number;
  maxZoom: number;
  opacity: number;
  on: boolean;
  /** Whose it is: source, date and licence; null for the node's own records. */
  credit: { source: string; dated: string | null; licence: string; synthetic: boolean } | null;
}

export interface Group {
  id: string;
  /** Null: the city's catalogue. */
  title: Text | null;
  entries: Entry[];
}

export const CATALOGUE = "catalogue";

function credited(layer: CatalogLayer): Entry["credit"] {
  const { source, dated, licence, synthetic } = layer;
  return { source, dated: dated ?? null, licence, synthetic };
}

/** Declared layers first, then what the catalogue holds beside them. */
export function entriesOf(plugins: Plugins, catalogue: readonly CatalogLayer[]): Entry[] {
  const declared = plugins.layers.flatMap((one): Entry[] => {
    const layer = one.source.collection === "layer" ? catalogue.find((each) => each.code === one.source.part) : null;
    if (layer === undefined) return [];
    return [
      {
        id: one.id,
        group: one.group,
        title: one.title as Text,
        source: { ...one.source, part: layer?.id ?? one.source.part },
        look: one.style as unknown as Look,
        note: (one.note as Text | null | undefined) ?? null,
        minZoom: one.min_zoom,
        maxZoom: one.max_zoom,
        opacity: one.opacity,
        on: one.on,
        credit: layer ? credited(layer) : null,
      },
    ];
  });
  const others = catalogue.map(
    (one, place): Entry => ({
      id: `layer:${one.code}`,
      group: CATALOGUE,
      title: one.name as Text,
      source: { collection: "layer", part: one.id, where: {} },
      look: catalogLook(one.style, one.geometry, place),
      note: null,
      minZoom: one.min_zoom,
      maxZoom: one.max_zoom,
      opacity: 1,
      on: false,
      credit: credited(one),
    }),
  );
  return [...declared, ...others];
}

export function groupsOf(plugins: Plugins, entries: readonly Entry[]): Group[] {
  const named = plugins.groups.map((one) => ({ id: one.id, title: one.title as Text | null }));
  return [...named, { id: CATALOGUE, title: null }]
    .map((one) => ({ ...one, entries: entries.filter((each) => each.group === one.id) }))
    .filter((one) => one.entries.length);
}

export function useEntries(city: Ref<number | null>): {
  entries: ComputedRef<Entry[]>;
  groups: ComputedRef<Group[]>;
  tools: ComputedRef<Tool[]>;
  ready: ComputedRef<boolean>;
  problem: ComputedRef<unknown>;
} {
  const query = computed(() => ({ city: city.value ?? 0 }));
  const enabled = computed(() => city.value !== null);
  const plugins = useQuery({
    queryKey: computed(() => ["map-plugins", city.value]),
    queryFn: () => ask(api.GET("/api/v1/map/plugins", { params: { query: query.value } })),
    staleTime: 600_000,
    enabled,
  });
  const catalogue = useQuery({
    queryKey: computed(() => ["layers", city.value]),
    queryFn: () => ask(api.GET("/api/v1/layers", { params: { query: query.value } })),
    staleTime: 60_000,
    enabled,
  });
  const entries = computed(() =>
    plugins.data.value ? entriesOf(plugins.data.value, (catalogue.data.value?.items ?? []) as CatalogLayer[]) : [],
  );
  return {
    entries,
    groups: computed(() => (plugins.data.value ? groupsOf(plugins.data.value, entries.value) : [])),
    tools: computed(() => plugins.data.value?.tools ?? []),
    ready: computed(() => plugins.data.value !== undefined && !catalogue.isPending.value),
    problem: computed(() => plugins.error.value ?? catalogue.error.value),
  };
}
