import type { Schemas } from "@/api/client";

export type CaseRow = Schemas["CaseRowOut"];
export type CaseDetail = Schemas["CaseOut"];
export type Move = Schemas["CaseMoveOut"];

export interface Counts {
  queue: Record<string, number>;
  states: Record<string, number>;
}

export interface Wanted {
  queue: "mine" | "all";
  state: string;
  q: string;
  kind: string;
  overdue: boolean;
}
