import type { Schemas } from "@/api/client";

export type CaseRow = Schemas["CaseRowOut"];
export type CaseDetail = Schemas["CaseOut"];
export type Move = Schemas["CaseMoveOut"];
export type TimelineItem = Schemas["TimelineItem"];
export type SavedFilter = Schemas["FilterOut"];

export interface Counts {
  queue: Record<string, number>;
  states: Record<string, number>;
  mine: Record<string, number>;
  capped: boolean;
}

export interface Wanted {
  queue: "mine" | "all";
  state: string;
  q: string;
  kind: string;
  area: string;
  unit: string;
  source: string;
  clock: string;
  sort: string;
  overdue: boolean;
  /** What the figures of a board stand for; the desk only passes them on. */
  open?: string;
  level?: string;
  supervised?: string;
  soon?: string;
  late?: string;
  since?: string;
  closed_since?: string;
  handler?: string;
  asked?: string;
  address?: string;
  recurring?: string;
}

/** Somebody who has a case open. */
export interface Person {
  user: string;
  name: string;
  doing: "looking" | "acting";
}
