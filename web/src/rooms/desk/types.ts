import type { Schemas } from "@/api/client";

export type CaseRow = Schemas["CaseRowOut"];
export type CaseDetail = Schemas["CaseOut"];
export type Move = Schemas["CaseMoveOut"];

export interface Wanted {
  queue: "mine" | "all";
  state: string;
  q: string;
  overdue: boolean;
}

/** Part of a limit that has gone, by the row's own clock: 0 fresh, 1 due, over 1 late. */
export function ageOf(row: Pick<CaseRow, "due_at" | "warn_at" | "clock">, now: number): number {
  if (!row.due_at || row.clock === "paused" || row.clock === "none") return 0;
  const due = Date.parse(row.due_at);
  if (now >= due) return 1.01;
  if (!row.warn_at) return 0;
  // The warning stands at 80 % of the limit.
  const warn = Date.parse(row.warn_at);
  const rest = (due - now) / Math.max(1, due - warn);
  return Math.max(0, 1 - 0.2 * rest);
}

export function tint(age: number): "" | "half" | "near" | "late" {
  if (age > 1) return "late";
  if (age >= 0.8) return "near";
  return age >= 0.5 ? "half" : "";
}
