/** The stages of the work as lanes: which states wait in each, and how many. */
export interface Lane {
  id: string;
  states: readonly string[];
}

export const LANES: readonly Lane[] = [
  { id: "accept", states: ["reported", "pending_accept", "verifying"] },
  { id: "file", states: ["pending_file"] },
  { id: "dispatch", states: ["pending_dispatch", "returned"] },
  { id: "handle", states: ["pending_handle", "handling", "handled", "suspended"] },
  { id: "check", states: ["pending_check", "checking"] },
  { id: "close", states: ["pending_close"] },
];

/** The lane a state filter stands for, an empty text for none. */
export function laneOf(state: string): string {
  return LANES.find((lane) => lane.states.join(",") === state)?.id ?? "";
}

export function laneCount(lane: Lane, states: Record<string, number> | undefined): number | null {
  if (!states) return null;
  return lane.states.reduce((sum, state) => sum + (states[state] ?? 0), 0);
}

/** The state filter of the lane beside the present one; past either end stands every lane. */
export function besideLane(state: string, by: 1 | -1): string {
  const at = LANES.findIndex((lane) => lane.id === laneOf(state));
  const next = at + by;
  const all = LANES.length;
  const found = at < 0 ? (by > 0 ? 0 : all - 1) : next;
  return LANES[found]?.states.join(",") ?? "";
}
