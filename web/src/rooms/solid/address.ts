/** What the page shows, as the page's address says it. */
import { PIPE_KINDS, type Cut, type PipeKind } from "@/map/solid";
import { HOURS, type Hour } from "@/map/solidLooks";
import type { View } from "@/map/SolidMap.vue";

export interface Wanted {
  view: View;
  under: boolean;
  kinds: ReadonlySet<PipeKind>;
  deeper: number;
  hour: Hour;
  cut: Cut;
  pick: string | null;
  floor: number | null;
}

export const DEEPER = [1, 4, 8, 16] as const;
export const HIGHEST_CUT = { metres: 300, level: 60 } as const;
const PLAIN = { zoom: 15.6, pitch: 60, bearing: -28 };

type Query = Record<string, unknown>;

function number(value: unknown, low: number, high: number, otherwise: number): number {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
  return Number.isFinite(found) ? Math.min(high, Math.max(low, found)) : otherwise;
}

function cutOf(value: unknown): Cut {
  const hit = /^([mf])(\d{1,3})$/.exec(String(value ?? ""));
  if (!hit) return null;
  const by = hit[1] === "m" ? "metres" : "level";
  return { by, at: Math.min(HIGHEST_CUT[by], Math.max(1, Number(hit[2]))) };
}

export function wantedOf(query: Query, home: [number, number]): Wanted {
  const [lon, lat] = String(query.c ?? "").split(",");
  const off = new Set(String(query.off ?? "").split(","));
  const deeper = number(query.deeper, 1, 16, 8);
  return {
    view: {
      center: [number(lon, -180, 180, home[0]), number(lat, -85, 85, home[1])],
      zoom: number(query.z, 12, 20, PLAIN.zoom),
      pitch: number(query.p, 0, 78, PLAIN.pitch),
      bearing: number(query.b, -360, 360, PLAIN.bearing),
    },
    under: query.mode === "under",
    kinds: new Set(PIPE_KINDS.filter((kind) => !off.has(kind))),
    deeper: DEEPER.find((one) => one === deeper) ?? 8,
    hour: HOURS.find((one) => one === query.light) ?? "morning",
    cut: cutOf(query.cut),
    pick: typeof query.pick === "string" && query.pick ? query.pick : null,
    floor: query.floor ? number(query.floor, 1, 200, 1) : null,
  };
}

/** The shortest address that says the same; `e2e` stays. */
export function queryOf(wanted: Wanted, before: Query = {}): Record<string, string> {
  const { view } = wanted;
  const off = PIPE_KINDS.filter((kind) => !wanted.kinds.has(kind));
  const said: Record<string, string | null> = {
    c: view.center.map((part) => part.toFixed(5)).join(","),
    z: view.zoom.toFixed(2),
    p: view.pitch.toFixed(0),
    b: view.bearing.toFixed(0),
    mode: wanted.under ? "under" : null,
    off: off.join(",") || null,
    deeper: wanted.deeper === 8 ? null : String(wanted.deeper),
    light: wanted.hour === "morning" ? null : wanted.hour,
    cut: wanted.cut ? `${wanted.cut.by === "metres" ? "m" : "f"}${wanted.cut.at}` : null,
    pick: wanted.pick,
    floor: wanted.floor === null ? null : String(wanted.floor),
    e2e: typeof before.e2e === "string" ? before.e2e : null,
  };
  return Object.fromEntries(Object.entries(said).filter((one): one is [string, string] => one[1] !== null));
}
