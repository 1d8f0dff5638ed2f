/** Moves that wait ten seconds before they are sent, so that they can be taken back. Nothing here
 * says that a move was made before the server said so. */
import { ref } from "vue";
import { api, ask, csrfHeader, Problem, type Schemas } from "@/api/client";
import type { Values } from "@/ui/schema";
import type { CaseDetail, Move, TimelineItem } from "./types";

export const WAIT_MS = 10_000;
const LEFT = "desk.left:";

export interface Deferred {
  caseId: string;
  no: string;
  move: Move;
  version: number;
  params: Values;
  /** One for each decision, so that sending it twice makes one move. */
  key: string;
  sendAt: number;
  sending: boolean;
  /** The case as it was when this was decided. */
  seen: CaseDetail;
  told: TimelineItem[];
}

export interface Outcome {
  done(one: Deferred, kept: Schemas["Moved"]): void;
  failed(one: Deferred, problem: unknown): void;
}

export const waiting = ref<Deferred[]>([]);
const timers = new Map<string, number>();
let outcome: Outcome | null = null;

/** Who hears how it went. */
export function heardBy(who: Outcome): void {
  outcome = who;
}

function drop(key: string): Deferred | undefined {
  window.clearTimeout(timers.get(key));
  timers.delete(key);
  const found = waiting.value.find((one) => one.key === key);
  waiting.value = waiting.value.filter((one) => one.key !== key);
  return found;
}

/** Send after a while; an earlier decision on the same case goes first, and at once. */
export async function defer(one: Omit<Deferred, "sendAt" | "sending">): Promise<void> {
  const earlier = waiting.value.find((other) => other.caseId === one.caseId);
  if (earlier) await send(earlier.key);
  waiting.value = [...waiting.value, { ...one, sendAt: Date.now() + WAIT_MS, sending: false }];
  timers.set(
    one.key,
    window.setTimeout(() => void send(one.key), WAIT_MS),
  );
}

/** Take it back; false when it is on its way already. */
export function undo(key: string): boolean {
  const found = waiting.value.find((one) => one.key === key);
  if (!found || found.sending) return false;
  drop(key);
  return true;
}

export async function send(key: string): Promise<void> {
  const one = waiting.value.find((other) => other.key === key);
  if (!one || one.sending) return;
  window.clearTimeout(timers.get(key));
  waiting.value = waiting.value.map((other) => (other.key === key ? { ...other, sending: true } : other));
  try {
    const kept = await ask(
      api.POST("/api/v1/cases/{case_id}/moves", {
        params: { path: { case_id: one.caseId } },
        headers: { "Idempotency-Key": one.key },
        body: { move: one.move.move, version: one.version, params: one.params },
      }),
    );
    drop(key);
    outcome?.done(one, kept);
  } catch (problem) {
    drop(key);
    outcome?.failed(one, problem);
  }
}

/** Going elsewhere inside the product: send now, and hear how it went. */
export function sendAll(): void {
  for (const one of waiting.value) void send(one.key);
}

/** The page goes away: hand everything to the browser, and remember to ask how it went. */
export function handOver(user: string): void {
  for (const one of waiting.value) {
    void fetch(`/api/v1/cases/${one.caseId}/moves`, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", "Idempotency-Key": one.key, ...csrfHeader() },
      body: JSON.stringify({ move: one.move.move, version: one.version, params: one.params }),
    }).catch(() => undefined);
    sessionStorage.setItem(`${LEFT}${user}:${one.key}`, JSON.stringify(one));
    drop(one.key);
  }
}

/** What was handed over when the page went: sent again under the same key, which makes nothing
 * twice and tells how it went. */
export async function settleLeft(user: string): Promise<void> {
  for (const name of Object.keys(sessionStorage).filter((one) => one.startsWith(LEFT))) {
    const kept = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    if (!kept || !name.startsWith(`${LEFT}${user}:`)) continue;
    const one = JSON.parse(kept) as Deferred;
    waiting.value = [...waiting.value, { ...one, sending: false }];
    await send(one.key);
  }
}

/** Whether the case moved on under the writer's hands. */
export function isStale(problem: unknown): boolean {
  return problem instanceof Problem && problem.status === 409;
}
