/** What a signal is just now, and how it is asked for. */
import type { Schemas } from "@/api/client";

export type Line = Schemas["SignalLine"];
export type Detail = Schemas["SignalDetail"];
export type State = "open" | "acknowledged" | "closed" | "muted" | "joined";

/** One word for where it stands; what is over goes before what was done. */
export function stateOf(one: Line): State {
  if (one.closed_at) return "closed";
  if (one.joined_to) return "joined";
  if (one.muted) return "muted";
  return one.acknowledged_at ? "acknowledged" : "open";
}

/** The worst first, those nobody is on before the others, then the newest. */
export function byUrgency(one: Line, other: Line): number {
  return (
    one.severity - other.severity ||
    Number(one.acknowledged_at !== null) - Number(other.acknowledged_at !== null) ||
    other.opened_at.localeCompare(one.opened_at)
  );
}

/** The id one step up or down; the first where none is chosen. */
export function stepped(rows: readonly Line[], id: string | null, by: 1 | -1): string | null {
  if (!rows.length) return null;
  const at = rows.findIndex((one) => one.id === id);
  const to = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by));
  return rows[to]!.id;
}
