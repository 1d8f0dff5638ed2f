/** How things stand on a map and in a list: state before age, by colour and by shape. */
import type { Look } from "@/map/look";
import type { Schemas } from "@/api/client";

export type Row = Schemas["ThingLine"];
export type Mark = "dead" | "stuck" | "drifting" | "silent" | "maintained" | "fine";
export const MARKS: Mark[] = ["dead", "stuck", "drifting", "silent", "maintained", "fine"];

export const LOOK: Look = {
  shape: "circle",
  size: 7,
  color: "text-3",
  label: null,
  paint: {
    field: "mark",
    classes: [
      { values: ["dead"], title: { zh: "失联", en: "Dead" }, color: "l1", shape: "cross" },
      { values: ["stuck"], title: { zh: "卡值", en: "Stuck" }, color: "l2", shape: "square" },
      { values: ["drifting"], title: { zh: "漂移", en: "Drifting" }, color: "l2", shape: "triangle" },
      { values: ["silent"], title: { zh: "从未上报", en: "Never spoke" }, color: "text-3", shape: "diamond" },
      { values: ["maintained"], title: { zh: "维护中", en: "In maintenance" }, color: "l4", shape: "star" },
      { values: ["fine"], title: { zh: "正常", en: "Fine" }, color: "ok", shape: "circle" },
    ],
    steps: [],
  },
};

/** Work on a thing explains its state, so it stands before it; what just spoke for the first time is
 * looked at within a minute. */
export function markOf(row: Pick<Row, "health" | "maintained_until" | "last_at">): Mark {
  if (row.maintained_until) return "maintained";
  return row.health === "silent" && row.last_at ? "fine" : row.health;
}

/** Those with a place, as the map takes them. */
export function pointsOf(rows: readonly Row[]): GeoJSON.FeatureCollection {
  const features = rows.flatMap((row): GeoJSON.Feature[] =>
    row.lon === null || row.lat === null
      ? []
      : [
          {
            type: "Feature",
            properties: { id: row.id, mark: markOf(row) },
            geometry: { type: "Point", coordinates: [row.lon, row.lat] },
          },
        ],
  );
  return { type: "FeatureCollection", features };
}

/** The nearest of some rows to a place, within so many degrees; null where none is. */
export function nearest(rows: readonly Row[], lon: number, lat: number, within: number): Row | null {
  let best: Row | null = null;
  let least = within;
  const flat = Math.cos((lat * Math.PI) / 180);
  for (const row of rows) {
    if (row.lon === null || row.lat === null) continue;
    const far = Math.hypot((row.lon - lon) * flat, row.lat - lat);
    if (far <= least) [best, least] = [row, far];
  }
  return best;
}

/** The middle of some rows and a zoom that shows them all. */
export function viewOf(rows: readonly { lon: number | null; lat: number | null }[]): { lon: number; lat: number; zoom: number } | null {
  const placed = rows.filter((row) => row.lon !== null && row.lat !== null);
  if (!placed.length) return null;
  const lons = placed.map((row) => row.lon!);
  const lats = placed.map((row) => row.lat!);
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const wide = Math.max(east - west, north - south, 0.005);
  return { lon: (west + east) / 2, lat: (south + north) / 2, zoom: Math.max(7, Math.min(15, Math.log2(360 / wide) - 0.8)) };
}
