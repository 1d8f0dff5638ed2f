/** Lengths and areas on the ground, and the round figure of a scale bar. */
export type Point = [number, number];

const EARTH_M = 6_371_008.8;
const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** Metres between two points along the ground. */
export function metres(one: Point, other: Point): number {
  const [lon, lat] = [rad(other[0] - one[0]), rad(other[1] - one[1])];
  const half = Math.sin(lat / 2) ** 2 + Math.cos(rad(one[1])) * Math.cos(rad(other[1])) * Math.sin(lon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, half)));
}

/** Metres along a line. */
export function length(line: readonly Point[]): number {
  return line.slice(1).reduce((sum, one, at) => sum + metres(line[at]!, one), 0);
}

/** Square metres inside a ring, closed or not, on the sphere. */
export function area(ring: readonly Point[]): number {
  if (ring.length < 3) return 0;
  const sum = ring.reduce((held, one, at) => {
    const next = ring[(at + 1) % ring.length]!;
    return held + rad(next[0] - one[0]) * (2 + Math.sin(rad(one[1])) + Math.sin(rad(next[1])));
  }, 0);
  return Math.abs((sum * EARTH_M * EARTH_M) / 2);
}

/** Metres that a screen pixel stands for at a latitude and zoom (tiles of 512 pixels). */
export function perPixel(lat: number, zoom: number): number {
  return (Math.cos(rad(lat)) * 2 * Math.PI * EARTH_M) / (512 * 2 ** zoom);
}

/** The longest round length that fits into so many metres: 1, 2 or 5 by tens. */
export function roundLength(most: number): number {
  const ten = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((one) => one * ten).find((one) => one <= most) ?? ten;
}
