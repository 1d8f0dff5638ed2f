/** The city's own base map: one PMTiles file of this node, read by byte ranges. */
import { Protocol } from "pmtiles";
import type { BaseMap } from "./basemap";
import { maplibregl } from "./maplibre";

const kept = new Map<number, Promise<BaseMap | null>>();
let known = false;

function learn(): void {
  if (known) return;
  maplibregl.addProtocol("pmtiles", new Protocol().tile);
  known = true;
}

async function fetched(city: number): Promise<BaseMap | null> {
  try {
    const answer = await fetch(`/api/v1/basemap?city=${city}`);
    if (!answer.ok) return null;
    const told = (await answer.json()) as { url: string | null; attribution: string };
    return told.url ? { url: told.url, attribution: told.attribution } : null;
  } catch {
    return null;
  }
}

/** The base map of a city, null where none is built: then the outlines of areas stand alone. */
export function baseOf(city: number): Promise<BaseMap | null> {
  let found = kept.get(city);
  if (!found) {
    learn();
    found = fetched(city);
    kept.set(city, found);
  }
  return found;
}

