/** Tools that packs declare: links with the place filled in, and the nearest things. */
import { metres } from "@/map/measure";
import type { Tool } from "./entries";
import { around } from "./identify";
import { nameOf, pageOf } from "./items";
import { sifted, thingsIn } from "./loading";

/** The address of a link tool at a place. */
export function filled(to: string, [lon, lat]: readonly [number, number], zoom: number): string {
  const values: Record<string, string> = { lon: lon.toFixed(6), lat: lat.toFixed(6), zoom: zoom.toFixed(1) };
  return to.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export interface Near {
  key: string;
  name: string;
  to: string;
  metres: number;
  at: [number, number];
}

const MOST = 10;

/** The nearest things of a tool's source within its metres, nearest first. */
export async function nearest(city: number, tool: Tool, at: [number, number], language: string): Promise<Near[]> {
  if (!tool.source) return [];
  const source = tool.source;
  const box = around(at[0], at[1], tool.metres);
  const found = sifted(await thingsIn(city, source, box, ""), source.where);
  return found.data.features
    .flatMap((one): Near[] => {
      if (one.geometry.type !== "Point") return [];
      const point = one.geometry.coordinates as [number, number];
      return [
        {
          key: String(one.properties?.id ?? one.id),
          name: nameOf(source.collection, one, language),
          to: pageOf(source.collection, one),
          metres: metres(at, point),
          at: point,
        },
      ];
    })
    .filter((one) => one.metres <= tool.metres)
    .sort((one, other) => one.metres - other.metres)
    .slice(0, MOST);
}
