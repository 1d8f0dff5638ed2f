/**
 * Which sections a home shows, in order, by post and tier. Data: another post or tier is another
 * line, and the first line that fits wins.
 */
export type Tier = "city" | "district" | "street" | "community" | "grid";
export type Section = "now" | "board" | "tools" | "route" | ListName;
export type ListName =
  | "arrivals"
  | "waiting"
  | "unassigned"
  | "handling"
  | "returned"
  | "tasks"
  | "grid";

export interface Plan {
  post: string;
  /** All tiers when it is missing. */
  tiers?: readonly Tier[];
  sections: readonly Section[];
}

const WIDE = ["city", "district"] as const;

export const PLANS: readonly Plan[] = [
  { post: "leader", sections: ["now", "board"] },
  { post: "shift_leader", tiers: WIDE, sections: ["now", "arrivals", "waiting", "board"] },
  { post: "shift_leader", sections: ["now", "arrivals", "waiting", "unassigned"] },
  { post: "acceptor", sections: ["now", "arrivals", "waiting"] },
  { post: "dispatcher", tiers: WIDE, sections: ["now", "unassigned", "arrivals", "board"] },
  { post: "dispatcher", sections: ["now", "unassigned", "arrivals", "waiting"] },
  { post: "department", sections: ["now", "returned", "handling"] },
  { post: "handler", sections: ["route"] },
  { post: "collector", tiers: ["community", "grid"], sections: ["tasks", "grid"] },
  { post: "collector", sections: ["tasks", "now"] },
  { post: "evaluator", sections: ["board", "now"] },
  { post: "system_admin", sections: ["tools"] },
  { post: "security_admin", sections: ["tools"] },
  { post: "audit_admin", sections: ["tools"] },
];

const UNKNOWN: readonly Section[] = ["now"];

/** The sections of somebody with these posts, each once; a post without a line gets the default. */
export function sectionsOf(held: readonly { post: string; tier: string }[]): Section[] {
  const found = held.flatMap(({ post, tier }) => {
    const plan = PLANS.find(
      (one) => one.post === post && (!one.tiers || (one.tiers as readonly string[]).includes(tier)),
    );
    return plan?.sections ?? UNKNOWN;
  });
  return [...new Set(found.length ? found : UNKNOWN)];
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
