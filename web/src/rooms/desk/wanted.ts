/** What the queue is narrowed to, and how it stands in the address. */
import type { LocationQuery } from "vue-router";
import type { Wanted } from "./types";

const TEXTS = ["state", "kind", "q", "area", "unit", "source", "clock", "sort"] as const;
const FIGURES = ["open", "level", "supervised", "soon", "late", "since", "closed_since", "handler", "asked", "address", "recurring"] as const;

export function wantedOf(query: LocationQuery): Wanted {
  const text = (name: string): string => {
    const value = query[name];
    return typeof value === "string" ? value : "";
  };
  return {
    queue: query.queue === "all" ? "all" : "mine",
    overdue: query.overdue === "1",
    ...(Object.fromEntries(TEXTS.map((name) => [name, text(name)])) as Pick<
      Wanted,
      (typeof TEXTS)[number]
    >),
    ...Object.fromEntries(FIGURES.filter(text).map((name) => [name, text(name)])),
  };
}

/** Only what is set: the address stays short. */
export function queryOf(wanted: Wanted): Record<string, string> {
  const query: Record<string, string> = { queue: wanted.queue };
  for (const name of TEXTS) if (wanted[name]) query[name] = wanted[name];
  for (const name of FIGURES) if (wanted[name]) query[name] = wanted[name];
  if (wanted.overdue) query.overdue = "1";
  return query;
}

/** The parameters of the server's list; without its order and queue those of its map. */
export function askedOf(wanted: Wanted): Record<string, string | boolean> {
  const { overdue, ...texts } = wanted;
  const asked = Object.fromEntries(Object.entries(texts).filter(([, value]) => value));
  return overdue ? { ...asked, overdue: true } : asked;
}

/** How many filters narrow the list besides its lane and its order. */
export function narrowedBy(wanted: Wanted): number {
  return (["kind", "area", "unit", "source", "clock", "q"] as const).filter((name) => wanted[name])
    .length;
}
