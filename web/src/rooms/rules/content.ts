/** A rule as its JSON says, as far as pages show and change it. */
import type { Text } from "@/api/client";

export interface Level {
  severity: number;
  when: string;
  until: string | null;
}

export interface Figure {
  value: number | null;
  unit: string;
  title: Text | null;
  source: string;
  verified: boolean;
}

export interface Input {
  of: string;
  take: string;
  over: number;
  at: string;
}

export interface Content {
  id: string;
  name: Text;
  things: string[];
  inputs: Record<string, Input>;
  figures: Record<string, Figure>;
  levels: Level[];
  hold: number;
  settle: number;
  then: {
    case: { kind: string } | null;
    tell: { template: string; posts: string[] }[];
    incident: { plan: string } | null;
    derive: { property: string; value: string }[];
  };
}

const PARTS = ["levels", "figures", "hold", "settle", "inputs", "then"] as const;

/** Which parts of two wordings differ. */
export function differing(one: Content, other: Content): (typeof PARTS)[number][] {
  return PARTS.filter((part) => JSON.stringify(one[part]) !== JSON.stringify(other[part]));
}

/** A copy to write in; the tables stay where they are. */
export function draftOf(content: Record<string, unknown>): Content {
  const copy = JSON.parse(JSON.stringify(content)) as Record<string, unknown>;
  delete copy.tables;
  return copy as unknown as Content;
}

/** The page's field of a problem's path, as `levels.0.when`. */
export function faultAt(errors: readonly { field: string; reason: string }[], path: string): string {
  return errors.find((one) => one.field === path || one.field.startsWith(`${path}.`))?.reason ?? "";
}
