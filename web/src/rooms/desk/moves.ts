/** Which moves carry a case onward; all others stand quietly beside them. */
import type { Move } from "./types";

const FORWARD = [
  "accept",
  "verify_result",
  "file",
  "dispatch",
  "redispatch",
  "assign",
  "start",
  "handle",
  "feedback",
  "co_feedback",
  "check",
  "check_result",
  "close",
  "approve_extension",
  "approve_suspension",
  "resume",
  "review_appeal",
];

export interface Arranged {
  forward: Move[];
  side: Move[];
}

/** Moves as they are shown and numbered: forward ones first, in the order of the work. */
export function arranged(moves: readonly Move[]): Arranged {
  const rank = (one: Move): number => FORWARD.indexOf(one.move);
  return {
    forward: moves.filter((one) => rank(one) >= 0).sort((a, b) => rank(a) - rank(b)),
    side: moves.filter((one) => rank(one) < 0),
  };
}

/** The move behind a number key, counted from 0. */
export function numbered(moves: readonly Move[], index: number): Move | undefined {
  const { forward, side } = arranged(moves);
  return [...forward, ...side][index];
}
