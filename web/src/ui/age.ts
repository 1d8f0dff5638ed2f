/** How much of a limit has gone. */
export interface Clocked {
  due_at?: string | null;
  warn_at?: string | null;
  clock: string;
}

/** 0 fresh, 1 due, over 1 late; by the row's own warning, which stands at 80 % of the limit. */
export function ageOf(row: Clocked, now: number): number {
  if (!row.due_at || row.clock === "paused" || row.clock === "none") return 0;
  const due = Date.parse(row.due_at);
  if (now >= due) return 1.01;
  if (!row.warn_at) return 0;
  const warn = Date.parse(row.warn_at);
  const rest = (due - now) / Math.max(1, due - warn);
  return Math.max(0, 1 - 0.2 * rest);
}

export type Tint = "" | "half" | "near" | "late";

export function tint(age: number): Tint {
  if (age > 1) return "late";
  if (age >= 0.8) return "near";
  return age >= 0.5 ? "half" : "";
}
