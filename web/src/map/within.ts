/** Which area a point lies in, told from the outlines that the map has anyway. */
import type { Loaded } from "./outlines";

type Ring = GeoJSON.Position[];

function inRing(ring: Ring, lon: number, lat: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i] as [number, number];
    const [xj, yj] = ring[j] as [number, number];
    if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

export function inShape(shape: GeoJSON.Geometry, lon: number, lat: number): boolean {
  const parts =
    shape.type === "Polygon" ? [shape.coordinates] : shape.type === "MultiPolygon" ? shape.coordinates : [];
  return parts.some(
    ([outer, ...holes]) =>
      outer !== undefined && inRing(outer, lon, lat) && !holes.some((hole) => inRing(hole, lon, lat)),
  );
}

/** Names of the district and street under a point, outermost first; none outside the city. */
export function namesAt(loaded: Loaded, lon: number, lat: number): { zh: string; en: string }[] {
  return [loaded.districts, loaded.streets].flatMap((level) => {
    const hit = level.features.find((one) => inShape(one.geometry, lon, lat))?.properties;
    if (!hit) return [];
    return [{ zh: String(hit.name_zh), en: String(hit.name_en ?? hit.name_zh) }];
  });
}
