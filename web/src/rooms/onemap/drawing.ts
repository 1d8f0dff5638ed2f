/** From layers that are on to what a map draws: order, opacity, half, and a replay in their place. */
import type { Drawn } from "@/map/LayerMap.vue";
import type { Entry } from "./entries";
import { tilesOf } from "./loading";
import type { Held, Side } from "./state";
import type { Half, Turns } from "./things";

/** Lowest first, as a map draws; `replayed` stands in for the cases while they are played. */
export function drawnOf(
  held: readonly Held[],
  entries: readonly Entry[],
  half: Half | undefined,
  side: Exclude<Side, "both"> | null,
  replayed: GeoJSON.FeatureCollection | null,
  city: number,
  turns: Turns = {},
): Drawn[] {
  return [...held]
    .reverse()
    .filter((one) => side === null || one.side === "both" || one.side === side)
    .flatMap((one): Drawn[] => {
      const entry = entries.find((each) => each.id === one.id);
      if (!entry) return [];
      const { collection } = entry.source;
      const tiles = tilesOf(city, entry.source, entry.look);
      const data = collection === "cases" && replayed ? replayed : (half?.found[one.id]?.data ?? null);
      return [
        {
          id: one.id,
          look: entry.look,
          opacity: one.opacity * entry.opacity,
          minZoom: entry.minZoom,
          maxZoom: entry.maxZoom,
          data,
          ...(tiles ? { tiles: { ...tiles, turn: turns[collection] ?? 0 } } : {}),
        },
      ];
    });
}
