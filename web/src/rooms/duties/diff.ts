/** What differs between two versions of a list, entry by entry and field by field. */
import type { Content, Entry } from "./entries";

export type Field = Exclude<keyof Entry, "id">;
export const FIELDS: Field[] = ["kinds", "area", "when", "where", "sources", "lead", "co", "note"];

export interface Change {
  id: string;
  how: "added" | "removed" | "changed";
  before: Entry | null;
  after: Entry | null;
  fields: Field[];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** Objects with their names in one order; lists of words without an order of their own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const inner = value.map(sorted);
    return inner.every((one) => typeof one === "string") ? [...inner].sort() : inner;
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one != null)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}

export function diff(before: Content, after: Content): Change[] {
  const old = new Map(before.entries.map((one) => [one.id, one]));
  const fresh = new Map(after.entries.map((one) => [one.id, one]));
  const found: Change[] = [];
  for (const [id, one] of old) {
    const now = fresh.get(id);
    if (!now) found.push({ id, how: "removed", before: one, after: null, fields: [] });
    else {
      const fields = FIELDS.filter((name) => !same(one[name], now[name]));
      if (fields.length) found.push({ id, how: "changed", before: one, after: now, fields });
    }
  }
  for (const [id, one] of fresh) {
    if (!old.has(id)) found.push({ id, how: "added", before: null, after: one, fields: [] });
  }
  return found;
}

/** Words of a list that came and went. */
export function came(before: readonly string[], after: readonly string[]): { out: string[]; in: string[] } {
  const [old, fresh] = [new Set(before), new Set(after)];
  return { out: before.filter((one) => !fresh.has(one)), in: after.filter((one) => !old.has(one)) };
}

export interface Tally {
  unit: string;
  name: { zh: string; en: string } | null;
  gains: number;
  loses: number;
}

/** How many cases each unit wins and loses; null stands for a person who decides. */
export function tally(
  moves: readonly {
    before: { id: string; name: { zh: string; en: string } } | null;
    after: { id: string; name: { zh: string; en: string } } | null;
    count: number;
  }[],
): Tally[] {
  const found = new Map<string, Tally>();
  const of = (unit: { id: string; name: { zh: string; en: string } } | null): Tally => {
    const id = unit?.id ?? "";
    const known = found.get(id) ?? { unit: id, name: unit?.name ?? null, gains: 0, loses: 0 };
    found.set(id, known);
    return known;
  };
  for (const move of moves) {
    of(move.before).loses += move.count;
    of(move.after).gains += move.count;
  }
  return [...found.values()].sort((a, b) => b.gains + b.loses - a.gains - a.loses);
}
