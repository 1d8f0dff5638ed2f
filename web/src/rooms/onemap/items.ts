/** What the map shows, as lines of a list: name, sort, place, and where it opens. */
import type { Entry } from "./entries";
import type { Box } from "./loading";

export interface Item {
  key: string;
  layer: string;
  name: string;
  /** A property worth saying beside the name, such as its state; "" without. */
  what: string;
  lon: number;
  lat: number;
  to: string;
}

/** The middle of what a shape spans, degrees. */
export function spanOf(shape: GeoJSON.Geometry): Box | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (one: unknown): void => {
    if (!Array.isArray(one)) return;
    if (typeof one[0] === "number") {
      west = Math.min(west, one[0] as number);
      east = Math.max(east, one[0] as number);
      south = Math.min(south, one[1] as number);
      north = Math.max(north, one[1] as number);
    } else one.forEach(walk);
  };
  if (shape.type === "GeometryCollection") return null;
  walk(shape.coordinates);
  return west > east ? null : [west, south, east, north];
}

/** Where a thing opens; "" where it has no page of its own. */
export function pageOf(collection: string, feature: GeoJSON.Feature): string {
  const own = feature.properties ?? {};
  const id = String(own.id ?? feature.id ?? "");
  if (collection === "cases") return own.no ? `/desk/${id}` : "";
  if (collection === "components") return `/places/components/${id}`;
  if (collection === "addresses") return `/places/addresses/${id}`;
  if (collection === "regions") return `/desk?queue=all&area=${String(own.no)}`;
  return collection === "layer" ? "/places/layers" : "";
}

/** What a thing is called. */
export function nameOf(collection: string, feature: GeoJSON.Feature, language: string): string {
  const own = feature.properties ?? {};
  const english = language === "en";
  const first = (...names: string[]): string => {
    const found = names.map((name) => own[name]).find((value) => value != null && value !== "");
    return found === undefined ? "" : String(found);
  };
  if (collection === "regions") return english ? first("name_en", "name_zh", "code") : first("name_zh", "code");
  if (collection === "cases") return first("no", "n");
  if (collection === "addresses") return first("text", "poi", "code");
  if (collection === "components") return first("name", "code", "kind_id");
  const said = english ? first("name:en", "name_en", "name", "name_zh") : first("name", "name_zh", "title");
  return said || first("code", "ref") || String(feature.id ?? "");
}

/** Things inside the box, nearest to its middle first, at most so many. */
export function itemsOf(
  layers: readonly { entry: Entry; title: string; data: GeoJSON.FeatureCollection | null }[],
  box: Box,
  language: string,
  most: number,
): { items: Item[]; count: number } {
  const [west, south, east, north] = box;
  const [x, y] = [(west + east) / 2, (south + north) / 2];
  const found: (Item & { far: number })[] = [];
  for (const { entry, title, data } of layers) {
    if (entry.look.shape === "heat") continue;
    data?.features.forEach((one, index) => {
      const span = spanOf(one.geometry);
      if (!span || span[0] > east || span[2] < west || span[1] > north || span[3] < south) return;
      const lon = Math.min(east, Math.max(west, (span[0] + span[2]) / 2));
      const lat = Math.min(north, Math.max(south, (span[1] + span[3]) / 2));
      const collection = entry.source.collection;
      const own = one.properties ?? {};
      found.push({
        key: `${entry.id}/${String(own.id ?? own.no ?? own.code ?? one.id ?? index)}`,
        layer: title,
        name: nameOf(collection, one, language),
        what: String(own.state ?? ""),
        lon,
        lat,
        to: pageOf(collection, one),
        far: Math.hypot(lon - x, lat - y),
      });
    });
  }
  found.sort((one, other) => one.far - other.far);
  return { items: found.slice(0, most).map(({ far: _far, ...item }) => item), count: found.length };
}
