/** Shadows on the ground: a footprint, the same moved away from the sun, and all between. */
import { cutTop, type Building, type Cut } from "./solid";
import type { Sun } from "./solidLooks";

type Point = [number, number];
const METRES = 111_320;
/** Longer ones would run out of the picture. */
const LONGEST = 260;

export function shadowsOf(buildings: readonly Building[], sun: Sun, cut: Cut): GeoJSON.FeatureCollection {
  const reach = Math.tan((sun.zenith * Math.PI) / 180);
  const away = ((sun.azimuth + 180) * Math.PI) / 180;
  const features: GeoJSON.Feature[] = [];
  for (const one of buildings) {
    const height = cutTop(one, cut);
    if (height <= 0) continue;
    const long = Math.min(LONGEST, height * reach);
    const east = (Math.sin(away) * long) / (METRES * Math.cos((one.at[1] * Math.PI) / 180));
    const north = (Math.cos(away) * long) / METRES;
    const outers = one.shape.type === "Polygon" ? [one.shape.coordinates[0]] : one.shape.coordinates.map((p) => p[0]);
    for (const ring of outers) {
      if (!ring) continue;
      const points = ring as Point[];
      const moved = points.map(([x, y]): Point => [x + east, y + north]);
      features.push({
        type: "Feature",
        properties: {},
        geometry: { type: "Polygon", coordinates: [hull([...points, ...moved])] },
      });
    }
  }
  return { type: "FeatureCollection", features };
}

/** The convex hull, closed, counter-clockwise (Andrew's monotone chain). */
export function hull(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (run: Point[]): Point[] => {
    const kept: Point[] = [];
    for (const p of run) {
      while (kept.length > 1 && turn(kept.at(-2)!, kept.at(-1)!, p) <= 0) kept.pop();
      kept.push(p);
    }
    kept.pop();
    return kept;
  };
  const around = [...half(sorted), ...half(sorted.reverse())];
  return around[0] ? [...around, around[0]] : [];
}

function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
