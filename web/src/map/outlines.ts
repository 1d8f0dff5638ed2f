/** Outlines of districts and streets, fetched once, with one label point each. */
import { empty } from "./style";

export interface Loaded {
  districts: GeoJSON.FeatureCollection;
  streets: GeoJSON.FeatureCollection;
}

const kept = new Map<number, Promise<Loaded>>();

async function fetched(level: string, city: number): Promise<GeoJSON.FeatureCollection> {
  const answer = await fetch(`/api/v1/regions.geojson?level=${level}&city=${city}`);
  return answer.ok ? ((await answer.json()) as GeoJSON.FeatureCollection) : empty();
}

export function outlinesOf(city: number): Promise<Loaded> {
  let found = kept.get(city);
  if (!found) {
    found = Promise.all([fetched("district", city), fetched("street", city)]).then(
      ([districts, streets]) => ({ districts, streets }),
    );
    kept.set(city, found);
  }
  return found;
}

/** Label points: polygons would repeat their names once per tile. */
export function labelPoints(shapes: GeoJSON.FeatureCollection): GeoJSON.FeatureCollection {
  return {
    type: "FeatureCollection",
    features: shapes.features.flatMap((one) => {
      const center = one.properties?.center as [number, number] | undefined;
      const at = center ?? middle(one.geometry);
      return at
        ? [
            {
              type: "Feature" as const,
              properties: one.properties,
              geometry: { type: "Point" as const, coordinates: at },
            },
          ]
        : [];
    }),
  };
}

function middle(shape: GeoJSON.Geometry): [number, number] | null {
  if (shape.type !== "Polygon" && shape.type !== "MultiPolygon") return null;
  const rings = shape.type === "Polygon" ? [shape.coordinates[0]] : shape.coordinates.map((p) => p[0]);
  const ring = rings.reduce((a, b) => ((b?.length ?? 0) > (a?.length ?? 0) ? b : a));
  if (!ring?.length) return null;
  const xs = ring.map((p) => p[0] as number);
  const ys = ring.map((p) => p[1] as number);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

/** West, south, east, north of a district or street; null for anything else. */
export function boundsOf(loaded: Loaded, area: number): [number, number, number, number] | null {
  const found = [...loaded.districts.features, ...loaded.streets.features].find(
    (one) => one.properties?.no === area,
  );
  if (!found || !("coordinates" in found.geometry)) return null;
  const flat = (found.geometry.coordinates as unknown[]).flat(Infinity) as number[];
  const xs = flat.filter((_, index) => index % 2 === 0);
  const ys = flat.filter((_, index) => index % 2 === 1);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
