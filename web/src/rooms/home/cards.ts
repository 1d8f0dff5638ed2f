/** The cards this screen can draw; which of them somebody sees is said by the packs. */
export const LISTS = [
  "arrivals",
  "waiting",
  "unassigned",
  "handling",
  "returned",
  "grid",
] as const;
export type ListName = (typeof LISTS)[number];
export const DRAWN = ["now", "board", "tools", "route", "tasks", "decisions", ...LISTS] as const;
export type Card = (typeof DRAWN)[number];

export function isList(card: string): card is ListName {
  return (LISTS as readonly string[]).includes(card);
}

/** What can be drawn, in order and each once, and what a newer pack asks for in vain. */
export function sorted(cards: readonly string[]): { drawn: Card[]; unknown: string[] } {
  const each = [...new Set(cards)];
  const known = (card: string): card is Card => (DRAWN as readonly string[]).includes(card);
  return { drawn: each.filter(known), unknown: each.filter((card) => !known(card)) };
}

/** What waits for each post: the states its lanes count (the server's policy says the same). */
export const LANES: Record<string, readonly string[]> = {
  collector: ["verifying", "pending_check", "checking"],
  acceptor: ["pending_accept", "pending_close"],
  shift_leader: ["pending_file", "pending_close"],
  dispatcher: ["pending_dispatch", "returned"],
  department: ["pending_handle", "handled"],
  handler: ["pending_handle", "handling"],
};

/** The moves that answer a request, by what was asked for. */
export const ANSWERS: Record<string, readonly string[]> = {
  extension: ["approve_extension", "refuse_extension"],
  suspension: ["approve_suspension", "refuse_suspension"],
  void: ["void", "refuse_void"],
  appeal: ["review_appeal"],
};
