/** Where an area lies, in words: the names above it from the outlines that the map has anyway. */
import type { Loaded } from "./outlines";

interface Named {
  zh: string;
  en: string;
}

// An area's number is a path: community 12 bits and grid 14 bits below the street, 12 for streets.
const BELOW_STREET = 2 ** 26;
const BELOW_DISTRICT = 2 ** 38;

/** The names of the district and street over an area, outermost first, then its own. */
export function namesAbove(loaded: Loaded, no: number, own: Named): Named[] {
  const found: Named[] = [];
  for (const [shapes, size] of [
    [loaded.districts, BELOW_DISTRICT],
    [loaded.streets, BELOW_STREET],
  ] as const) {
    const wanted = Math.floor(no / size) * size;
    const hit = shapes.features.find((one) => one.properties?.no === wanted)?.properties;
    if (hit && wanted !== no) {
      found.push({ zh: String(hit.name_zh), en: String(hit.name_en ?? hit.name_zh) });
    }
  }
  return [...found, own];
}
