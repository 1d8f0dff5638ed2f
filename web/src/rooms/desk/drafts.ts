/** Half-filled forms: kept in this tab for their writer, until they are sent or dropped. */
import type { Values } from "@/ui/schema";

const PREFIX = "desk.draft:";

function key(user: string, caseId: string, move: string): string {
  return `${PREFIX}${user}:${caseId}:${move}`;
}

export function keepDraft(user: string, caseId: string, move: string, values: Values): void {
  sessionStorage.setItem(key(user, caseId, move), JSON.stringify(values));
}

export function draftOf(user: string, caseId: string, move: string): Values | null {
  const kept = sessionStorage.getItem(key(user, caseId, move));
  return kept ? (JSON.parse(kept) as Values) : null;
}

export function dropDraft(user: string, caseId: string, move: string): void {
  sessionStorage.removeItem(key(user, caseId, move));
}

/** The move of a case that somebody was in the middle of. */
export function draftedMove(user: string, caseId: string): string | null {
  const start = key(user, caseId, "");
  const found = Object.keys(sessionStorage).find((one) => one.startsWith(start));
  return found ? found.slice(start.length) : null;
}

/** Whoever signs in at this window next must not read another's words. */
export function dropOthers(user: string): void {
  for (const one of Object.keys(sessionStorage)) {
    if (one.startsWith(PREFIX) && !one.startsWith(`${PREFIX}${user}:`)) sessionStorage.removeItem(one);
  }
}
