/** How solids look: bands of pipes beside their colour, steps of height, where the light comes from. */
import type { PipeKind } from "./solid";

/** Two bands of a paler shade along a pipe, as parts of one period; equal ends for no band. */
export const BANDS: Record<PipeKind, [number, number, number, number]> = {
  water: [0, 0, 0, 0],
  rain: [0.5, 1, 0, 0],
  sewage: [0, 0.14, 0, 0],
  gas: [0, 0.12, 0.24, 0.36],
  power: [0.25, 0.5, 0.75, 1],
  telecom: [0.55, 0.68, 0.82, 1],
  heat: [0, 0.3, 0.45, 0.55],
};

/** How many times thicker than true pipes are drawn that many times deeper. */
export function thicker(deeper: number): number {
  return Math.min(3, deeper);
}

/** Metres at which the ramp of heights changes its colour; tokens --solid-0 … --solid-4. */
export const STEPS = [0, 20, 50, 100, 200] as const;

export const HOURS = ["morning", "noon", "evening"] as const;
export type Hour = (typeof HOURS)[number];

export interface Sun {
  /** Degrees clockwise from north, where it stands. */
  azimuth: number;
  /** Degrees from straight above. */
  zenith: number;
}

export const SUNS: Record<Hour, Sun> = {
  morning: { azimuth: 112, zenith: 56 },
  noon: { azimuth: 184, zenith: 42 },
  evening: { azimuth: 246, zenith: 58 },
};

export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A token's colour (#rgb or #rrggbb) as three parts of one. */
export function rgb(colour: string): [number, number, number] {
  const hex = colour.replace("#", "");
  const full = hex.length === 3 ? [...hex].map((c) => c + c).join("") : hex;
  const part = (at: number): number => (parseInt(full.slice(at, at + 2), 16) || 0) / 255;
  return [part(0), part(2), part(4)];
}
