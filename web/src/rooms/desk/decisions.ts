/** Deciding on the open case: the form, ten seconds to think again, and when somebody was quicker. */
import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref } from "vue";
import { onBeforeRouteLeave } from "vue-router";
import { Problem, type Schemas } from "@/api/client";
import { session } from "@/api/session";
import { useProblems } from "@/ui/problems";
import type { ObjectSchema, Values } from "@/ui/schema";
import { toast } from "@/ui/toasts";
import { useWords } from "@/ui/words";
import { defer, handOver, heardBy, isStale, send, sendAll, settleLeft, undo, waiting, type Deferred } from "./deferred";
import { draftedMove, dropOthers, keepDraft } from "./drafts";
import type { CaseDetail, Move, TimelineItem } from "./types";

interface Open {
  detail: Ref<CaseDetail | null>;
  timeline: Ref<TimelineItem[]>;
  /** Fetch the open case again. */
  load(): Promise<void>;
  /** Fetch the queue again. */
  refresh(): Promise<void>;
  open(id: string): void;
}

/** The move that leads back, where there is one: seen by all, with a reason. */
const INSTEAD: Record<string, readonly string[]> = {
  accept: ["reject", "return_step"],
  file: ["return_step", "redispatch"],
  dispatch: ["redispatch"],
  redispatch: ["redispatch"],
  assign: ["revoke_assign"],
  handle: ["return_step"],
  feedback: ["return_step"],
  close: ["reopen"],
  approve_suspension: ["resume"],
  relocate: ["relocate"],
};

export interface Conflict {
  mine: Deferred;
  why: string;
}

export function useDecisions(desk: Open) {
  const { t, say } = useWords();
  const { inWords, fault } = useProblems();
  const move = shallowRef<Move | null>(null);
  const preset = shallowRef<Values>({});
  const errors = shallowRef<Record<string, string>>({});
  const conflict = shallowRef<Conflict | null>(null);
  const wantsBack = ref<{ caseId: string; move: string; values: Values } | null>(null);
  const me = session.value?.user.id ?? "";

  function start(one: Move, values: Values = {}): void {
    preset.value = values;
    errors.value = {};
    move.value = one;
  }

  function offered(names: readonly string[]): Move | undefined {
    return desk.detail.value?.moves.find((one) => names.includes(one.move));
  }

  function decide(one: Move, params: Values): void {
    const seen = desk.detail.value;
    move.value = null;
    if (!seen) return;
    void defer({
      caseId: seen.id,
      no: seen.no,
      move: one,
      version: seen.version,
      params,
      key: crypto.randomUUID(),
      seen,
      told: desk.timeline.value,
    });
  }

  /** Open the form of one of these moves, or decide at once where what is given is enough. */
  function startNamed(names: readonly string[], values: Values): void {
    const found = offered(names);
    if (!found) return;
    const needed = (found.params as ObjectSchema).required ?? [];
    if (needed.every((name) => name in values)) decide(found, values);
    else start(found, values);
  }

  /** What was sent last, for whoever wants it back too late. */
  let sent: Deferred | null = null;

  async function done(one: Deferred, kept: Schemas["Moved"]): Promise<void> {
    sent = one;
    toast(`✓ ${say(one.move.title)} №${one.no.slice(-6)}`);
    if (kept.redispatch) toast(t("workbench.place.redispatch", { unit: say(kept.redispatch.name) }));
    await Promise.all([desk.detail.value?.id === one.caseId ? desk.load() : null, desk.refresh()]);
  }

  /** Open the form again with what was said, once its case is there. */
  function reopen(caseId: string, name: string, values: Values): void {
    wantsBack.value = { caseId, move: name, values };
    if (desk.detail.value?.id !== caseId) desk.open(caseId);
    else takeBack();
  }

  function takeBack(): void {
    const wanted = wantsBack.value;
    if (!wanted || desk.detail.value?.id !== wanted.caseId) return;
    wantsBack.value = null;
    const found = offered([wanted.move]);
    if (found) start(found, wanted.values);
  }

  async function failed(one: Deferred, problem: unknown): Promise<void> {
    if (problem instanceof Problem && (problem.status === 401 || problem.status === 0)) {
      keepDraft(me, one.caseId, one.move.move, one.params);
      toast(t("workbench.undo.kept", { move: say(one.move.title), no: one.no.slice(-6), why: inWords(problem) }), true);
      return;
    }
    if (isStale(problem)) {
      if (desk.detail.value?.id !== one.caseId) desk.open(one.caseId);
      else await desk.load();
      const why = problem instanceof Problem && problem.code === "stale" ? "" : inWords(problem);
      conflict.value = { mine: one, why };
      return;
    }
    toast(`${say(one.move.title)} №${one.no.slice(-6)}: ${inWords(problem)}`, true);
    const faults = problem instanceof Problem ? problem.errors : [];
    const words = problem instanceof Problem && problem.reason ? say(problem.reason) : null;
    reopen(one.caseId, one.move.move, one.params);
    errors.value = Object.fromEntries(
      faults.map((one) => [one.field.replace(/^params\./, "").split(".")[0]!, words ?? fault(one)]),
    );
  }

  function again(): void {
    const mine = conflict.value?.mine;
    conflict.value = null;
    if (mine) reopen(mine.caseId, mine.move.move, mine.params);
  }

  function undoLast(): void {
    const last = waiting.value.at(-1);
    if (last && undo(last.key)) undone(last);
    else toast(whyNot());
  }

  function whyNot(): string {
    if (!sent) return t("workbench.undo.nothing");
    const said = t("workbench.undo.tooLate", { move: say(sent.move.title), no: sent.no.slice(-6) });
    const other = desk.detail.value?.id === sent.caseId ? offered(INSTEAD[sent.move.move] ?? []) : undefined;
    return other ? `${said} ${t("workbench.undo.instead", { move: say(other.title) })}` : said;
  }

  function undone(one: Deferred): void {
    toast(t("workbench.undo.undone", { move: say(one.move.title), no: one.no.slice(-6) }));
  }

  watch(desk.detail, (now, before) => {
    takeBack();
    if (!now || move.value || now.id === before?.id) return;
    // Somebody was in the middle of this when the session ended or the page went.
    const name = draftedMove(me, now.id);
    const found = name ? offered([name]) : undefined;
    if (found) start(found);
  });

  const hand = (): void => handOver(me);
  onMounted(() => {
    heardBy({ done: (one, kept) => void done(one, kept), failed: (one, problem) => void failed(one, problem) });
    dropOthers(me);
    void settleLeft(me);
    window.addEventListener("pagehide", hand);
  });
  onBeforeUnmount(() => window.removeEventListener("pagehide", hand));
  onBeforeRouteLeave(() => {
    if (waiting.value.length) toast(t("workbench.undo.leaving", { n: waiting.value.length }));
    sendAll();
  });

  return {
    move,
    preset,
    errors,
    conflict,
    start,
    startNamed,
    decide,
    again,
    undoLast,
    undone,
    sendLast: () => {
      const last = waiting.value.at(-1);
      if (last) void send(last.key);
    },
  };
}
