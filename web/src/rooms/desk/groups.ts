/** A heap of chosen cases in piles: of one kind and area, and which ones read alike. */
import type { CaseRow } from "./types";

export interface Pile {
  key: string;
  rows: CaseRow[];
}

/** Piles by kind and area, the greatest first. */
export function piles(rows: readonly CaseRow[]): Pile[] {
  const found = new Map<string, CaseRow[]>();
  for (const row of rows) {
    const key = `${row.kind?.id ?? ""}|${row.area?.no ?? ""}`;
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return [...found]
    .map(([key, some]) => ({ key, rows: some }))
    .sort((a, b) => b.rows.length - a.rows.length);
}

function pairs(text: string): Set<string> {
  const plain = text.toLowerCase().replace(/[\s\p{P}\d]+/gu, "");
  const found = new Set<string>();
  for (let at = 0; at < plain.length - 1; at++) found.add(plain.slice(at, at + 2));
  return found;
}

/** How alike two texts are by their pairs of letters, 0 to 1 (Dice). */
export function alike(one: string, other: string): number {
  const a = pairs(one);
  const b = pairs(other);
  if (!a.size || !b.size) return 0;
  let both = 0;
  for (const pair of a) if (b.has(pair)) both += 1;
  return (2 * both) / (a.size + b.size);
}

export const ALIKE = 0.5;

/** The rows like one: of its kind in its area, or in its state with words like its words. */
export function like(rows: readonly CaseRow[], one: CaseRow): CaseRow[] {
  return rows.filter(
    (row) =>
      row.id === one.id ||
      (row.state === one.state &&
        ((row.kind?.id === one.kind?.id && row.area?.no === one.area?.no) ||
          alike(row.text, one.text) >= ALIKE)),
  );
}

/** The case the others of a heap are joined into: the one reported first. */
export function eldest(rows: readonly CaseRow[]): CaseRow | undefined {
  return [...rows].sort((a, b) => a.reported_at.localeCompare(b.reported_at))[0];
}
