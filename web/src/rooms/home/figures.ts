/** A board's figures and the list that each of them opens. */
import type { Schemas } from "@/api/client";

export type Figures = Schemas["Figures"];
export const FIGURES = ["open", "overdue", "grave", "supervised", "soon", "new", "closed"] as const;
export type FigureName = (typeof FIGURES)[number];

type Query = Record<string, string>;

/** The desk's address for a figure of an area; `since` is when today began. */
export function opens(name: FigureName | "onTime", area: number, since: string): { path: string; query: Query } {
  const own: Record<FigureName | "onTime", Query> = {
    open: { open: "true" },
    overdue: { overdue: "1" },
    grave: { open: "true", level: "1,2" },
    supervised: { open: "true", supervised: "true" },
    soon: { soon: "true" },
    new: { since, sort: "-reported" },
    closed: { closed_since: since, sort: "-reported" },
    onTime: { closed_since: since, late: "false", sort: "-reported" },
  };
  return { path: "/desk", query: { queue: "all", area: String(area), ...own[name] } };
}

/** Closed today within every limit; null when none of them ran a clock. */
export function onTime(figures: Figures): number | null {
  return figures.timed ? figures.in_time / figures.timed : null;
}

/** How much of what is open is overdue; null where nothing is open. */
export function lateShare(figures: Figures): number | null {
  return figures.open ? figures.overdue / figures.open : null;
}
