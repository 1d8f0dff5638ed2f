/** What the pages of the register share: shapes, tones of states, and the parts of an address. */
import type { Schemas } from "@/api/client";

export type Line = Schemas["AddressLine"];
export type Detail = Schemas["AddressDetail"];
export type SetLine = Schemas["SetOut"];
export type SetMove = "propose" | "approve" | "reject" | "apply" | "roll_back" | "replay";
export type Tone = "plain" | "late" | "warn" | "ok" | "brand";

export const STATES = ["proposed", "approved", "published", "retired"] as const;
export const KINDS = ["room", "building", "lane", "compound", "road", "crossing", "landmark"] as const;
export const PARTS = [
  "road", "lane", "sub_lane", "number", "compound", "building", "unit", "floor", "room", "poi", "cross",
] as const;
export const DATUMS = ["WGS84", "CGCS2000", "GCJ02"] as const;

const TONES: Record<string, Tone> = {
  proposed: "warn",
  approved: "brand",
  published: "ok",
  applied: "ok",
  rejected: "late",
};

/** The colour that goes with a state; its word always stands beside it. */
export function tone(state: string): Tone {
  return TONES[state] ?? "plain";
}

/** A value of a change as people read it. */
export function shown(value: unknown): string {
  if (value == null || value === "") return "—";
  if (Array.isArray(value)) return value.map(shown).join("；") || "—";
  if (typeof value === "object") return String((value as { name?: unknown }).name ?? JSON.stringify(value));
  return String(value);
}

/** A box of about `metres` around a point: west, south, east, north. */
export function around(lon: number, lat: number, metres: number): string {
  const north = metres / 111_195;
  const east = north / Math.max(0.1, Math.cos((lat * Math.PI) / 180));
  return [lon - east, lat - north, lon + east, lat + north].map((one) => one.toFixed(6)).join(",");
}
