/** Duty lists as the server stores them, and what can be done with their entries. */
import type { Text } from "@/api/client";

export interface Target {
  role?: string | null;
  level?: string | null;
  org?: string | null;
}

export interface Hours {
  weekdays?: number[];
  from?: string;
  to?: string;
}

export interface Entry {
  id: string;
  kinds: string[];
  area: string | null;
  when: Hours | null;
  where: Record<string, unknown[]>;
  sources: string[];
  lead: Target;
  co: Target[];
  note: Text | null;
}

export interface Content {
  id: string;
  version: string;
  source: string;
  effective_from: string | null;
  verified: boolean;
  entries: Entry[];
}

/** One thing done to a list: an entry put in its place (or at the end), or taken out. */
export type Step = { put: Entry; was: string | null } | { drop: string };

export function done(content: Content, step: Step): Content {
  if ("drop" in step) {
    return { ...content, entries: content.entries.filter((one) => one.id !== step.drop) };
  }
  const at = content.entries.findIndex((one) => one.id === (step.was ?? step.put.id));
  const entries = [...content.entries];
  if (at < 0) entries.push(step.put);
  else entries[at] = step.put;
  return { ...content, entries };
}

/** The id of the entry a step is about. */
export function about(step: Step): string {
  return "drop" in step ? step.drop : (step.was ?? step.put.id);
}

/** Whether a pattern (`*`, `?`, `[…]`) names a kind, as the server reads it. */
export function names(pattern: string, kind: string): boolean {
  return shape(pattern).test(kind);
}

const shapes = new Map<string, RegExp>();

function shape(pattern: string): RegExp {
  const known = shapes.get(pattern);
  if (known) return known;
  const source = pattern.replace(/\[!?[^\]]*\]|\*|\?|[\\^$.|+(){}[\]]/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (part.length > 2 && part.startsWith("[")) return part.replace("[!", "[^").replace(/\\/g, "\\\\");
    return `\\${part}`;
  });
  let made: RegExp;
  try {
    made = new RegExp(`^${source}$`, "su");
  } catch {
    made = /^(?!)/;
  }
  shapes.set(pattern, made);
  return made;
}

/** The kinds that any of the patterns names. */
export function matched(patterns: readonly string[], kinds: readonly string[]): string[] {
  const plain = new Set(patterns);
  const wild = patterns.filter((one) => /[*?[]/.test(one));
  return kinds.filter((kind) => plain.has(kind) || wild.some((one) => names(one, kind)));
}

export function emptyEntry(taken: readonly Entry[]): Entry {
  const ids = new Set(taken.map((one) => one.id));
  let n = taken.length + 1;
  while (ids.has(`entry-${n}`)) n += 1;
  return {
    id: `entry-${n}`,
    kinds: [],
    area: null,
    when: null,
    where: {},
    sources: [],
    lead: { role: "", level: "street" },
    co: [],
    note: null,
  };
}
