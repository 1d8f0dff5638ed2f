/** What is at a point: areas and grid, addresses, components, cases, and features that are shown. */
import { api, ask, Problem, type Text } from "@/api/client";
import { metres } from "@/map/measure";
import type { Entry } from "./entries";
import { nameOf, pageOf, spanOf } from "./items";
import { sifted, thingsIn, type Box } from "./loading";

export interface Hit {
  key: string;
  name: string;
  /** Metres away; null where it holds the point. */
  metres: number | null;
  to: string;
  more: [string, string][];
}

export interface Here {
  outside: boolean;
  areas: { no: number; name: Text; level: string }[];
  grid: string | null;
  parts: { id: string; title: Text | null; hits: Hit[] }[];
}

const MOST = 12;
/** Addresses farther than this are not "here"; the nearest one still says where one is. */
const NEAR_M = 100;
const OWN = new Set(["id", "kind_id", "synthetic", "simulated", "n", "late"]);

/** A box of so many metres around a point. */
export function around(lon: number, lat: number, far: number): Box {
  const up = far / 111_320;
  const wide = up / Math.max(0.05, Math.cos((lat * Math.PI) / 180));
  const round = (value: number): number => Math.round(value * 1e7) / 1e7;
  return [round(lon - wide), round(lat - up), round(lon + wide), round(lat + up)];
}

function hitsOf(collection: string, found: GeoJSON.FeatureCollection, lon: number, lat: number, language: string): Hit[] {
  return found.features
    .map((one, index): Hit => {
      const point = one.geometry.type === "Point" ? (one.geometry.coordinates as [number, number]) : null;
      const own = one.properties ?? {};
      return {
        key: String(own.id ?? one.id ?? index),
        name: nameOf(collection, one, language),
        metres: point ? metres([lon, lat], point) : null,
        to: pageOf(collection, one),
        more: Object.entries(own)
          .filter(([name, value]) => !OWN.has(name) && value !== "" && value != null && typeof value !== "object")
          .slice(0, 8)
          .map(([name, value]) => [name, String(value)]),
      };
    })
    .sort((one, other) => (one.metres ?? 0) - (other.metres ?? 0))
    .slice(0, MOST);
}

/** Ask everything at once; what the asker may not see is simply not there. */
export async function whatIsHere(
  asked: { city: number; lon: number; lat: number; far: number; day: string; language: string; staff: boolean },
  shown: readonly Entry[],
): Promise<Here> {
  const { city, lon, lat, far, day, language } = asked;
  const box = around(lon, lat, far);
  const near = async (collection: string): Promise<Here["parts"][number]> => {
    const found = await thingsIn(city, { collection, part: "", where: {} }, box, day);
    return { id: collection, title: null, hits: hitsOf(collection, found.data, lon, lat, language) };
  };
  const own = async (entry: Entry): Promise<Here["parts"][number]> => {
    const found = sifted(await thingsIn(city, entry.source, box, day), entry.source.where);
    const touching = found.data.features.filter((one) => {
      const span = spanOf(one.geometry);
      return span && span[0] <= box[2] && span[2] >= box[0] && span[1] <= box[3] && span[3] >= box[1];
    });
    const hits = hitsOf("layer", { ...found.data, features: touching }, lon, lat, language);
    return { id: entry.id, title: entry.title, hits };
  };
  const where = asked.staff
    ? ask(api.GET("/api/v1/geocode/reverse", { params: { query: { lon, lat } } })).catch((error: unknown) => {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      })
    : Promise.resolve(undefined);
  const layers = shown.filter((one) => one.source.collection === "layer");
  const [place, ...parts] = await Promise.all([
    where,
    ...(asked.staff ? ["cases", "components"].map(near) : []),
    ...layers.map(own),
  ]);
  const close = (place?.addresses ?? []).filter((one, at) => at === 0 || one.metres <= NEAR_M);
  const addresses = close.map(
    (one): Hit => ({ key: one.id || one.text, name: one.text, metres: one.metres, to: one.id ? `/places/addresses/${one.id}` : "", more: [] }),
  );
  return {
    outside: place === null,
    areas: (place?.areas ?? []) as Here["areas"],
    grid: place?.grid?.code ?? null,
    parts: [{ id: "addresses", title: null, hits: addresses }, ...parts].filter((one) => one.hits.length),
  };
}
