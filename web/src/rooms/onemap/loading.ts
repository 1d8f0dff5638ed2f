/** The things of a layer inside a box, whatever they come from. */
import { api, ask } from "@/api/client";
import { belongs, type Look } from "@/map/look";
import type { Source } from "./entries";

export type Box = [number, number, number, number];
export interface Found {
  data: GeoJSON.FeatureCollection;
  /** There are more than are shown. */
  truncated: boolean;
}

/** What live vector tiles tell of each thing; a look that asks for more is drawn from data. */
const TILED: Readonly<Record<string, readonly string[]>> = {
  components: ["kind_id", "code", "name", "state", "synthetic"],
};
const MOST = 5_000;
const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

/** The live vector tiles of a source, where they tell all that its look asks for: any number of things
 * is drawn from them, summed from afar. Sums know no `where`. */
export function tilesOf(city: number, source: Source, look: Look): { url: string; inside: string } | undefined {
  const told = TILED[source.collection];
  const asked = [look.paint?.field, look.label].filter((one): one is string => Boolean(one));
  if (!told || Object.keys(source.where).length || asked.some((one) => !told.includes(one))) return undefined;
  return { url: `/api/v1/tiles/${source.collection}/{z}/{x}/{y}.mvt?city=${city}`, inside: source.collection };
}

/** The box a little larger, on a raster of its own size: a small step asks nothing new. */
export function widened([west, south, east, north]: Box): Box {
  const step = (size: number): number => 2 ** Math.ceil(Math.log2(Math.max(1e-6, size))) / 4;
  const [wide, high] = [step(east - west), step(north - south)];
  const out = (value: number, by: number, up: boolean): number =>
    Number(((up ? Math.ceil(value / by) : Math.floor(value / by)) * by).toFixed(6));
  return [
    Math.max(-180, out(west, wide, false)),
    Math.max(-90, out(south, high, false)),
    Math.min(180, out(east, wide, true)),
    Math.min(90, out(north, high, true)),
  ];
}

/** Only what a layer's `where` lets through. */
export function sifted(found: Found, where: Source["where"]): Found {
  const asked = Object.entries(where);
  if (!asked.length) return found;
  const features = found.data.features.filter((one) =>
    asked.every(([field, values]) => belongs(one.properties?.[field], values)),
  );
  return { ...found, data: { ...found.data, features } };
}

async function plain(url: string): Promise<Found> {
  const answer = await fetch(url);
  if (!answer.ok) return { data: NOTHING, truncated: false };
  const body = (await answer.json()) as GeoJSON.FeatureCollection & { truncated?: boolean };
  return { data: body, truncated: body.truncated ?? false };
}

async function casesIn(bbox: string): Promise<Found> {
  const found = await ask(api.GET("/api/v1/cases/map", { params: { query: { bbox, queue: "all" } as never } }));
  const rows = found.truncated ? found.clusters : found.items;
  const features = rows.map((one): GeoJSON.Feature => {
    const { lon, lat, ...properties } = one;
    return { type: "Feature", properties, geometry: { type: "Point", coordinates: [lon, lat] } };
  });
  return { data: { type: "FeatureCollection", features }, truncated: found.truncated };
}

/** Sensing devices of the kinds a layer names, as points. */
async function sensedIn(bbox: string, kinds: readonly string[]): Promise<Found> {
  const features: GeoJSON.Feature[] = [];
  for (const kind of kinds.length ? kinds : [undefined]) {
    let cursor: string | undefined;
    do {
      const page = await ask(api.GET("/api/v1/things", { params: { query: { bbox, kind, cursor } } }));
      for (const one of page.items) {
        if (one.lon === null || one.lat === null) continue;
        const properties = { id: one.id, code: one.code, name: one.name, kind_id: one.kind_id, state: one.state, health: one.health, simulated: one.simulated };
        features.push({ type: "Feature", id: one.id, properties, geometry: { type: "Point", coordinates: [one.lon, one.lat] } });
      }
      cursor = page.next ?? undefined;
    } while (cursor && features.length < MOST);
  }
  return { data: { type: "FeatureCollection", features }, truncated: features.length >= MOST };
}

/** What of a source touches a box (of a city), now or at the end of a day. */
export async function thingsIn(city: number, source: Source, box: Box, day: string): Promise<Found> {
  const bbox = box.join(",");
  const at = day ? `${day}T23:59:59` : "";
  switch (source.collection) {
    case "regions":
      return plain(`/api/v1/regions.geojson?level=${source.part}&city=${city}`);
    case "grids":
      return plain(`/api/v1/grids.geojson?layer=${encodeURIComponent(source.part)}&bbox=${bbox}&city=${city}`);
    case "layer":
      return plain(`/api/v1/layers/${source.part}/features.geojson?bbox=${bbox}&limit=${MOST}${at ? `&at=${at}` : ""}`);
    case "addresses":
      return plain(`/api/v1/addresses.geojson?bbox=${bbox}`);
    case "components":
      return plain(`/api/v1/components.geojson?bbox=${bbox}`);
    case "cases":
      return casesIn(bbox);
    case "things":
      return sensedIn(bbox, source.where.kind_id ?? []);
    case "forces":
      return plain(`/ogc/collections/forces/items?bbox=${bbox}&limit=${MOST}&city=${city}`);
    default:
      return { data: NOTHING, truncated: false };
  }
}

/** What makes one answer another: areas are asked once, layers also by day. */
export function keyOf(city: number, source: Source, box: Box, day: string): unknown[] {
  const key: unknown[] = ["onemap", source.collection, source.part, city];
  if (source.collection !== "regions") key.push(box.join(","));
  if (source.collection === "layer") key.push(day);
  if (source.collection === "things") key.push(source.where);
  return key;
}
