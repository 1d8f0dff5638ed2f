/** What became different about a case between two looks at it. */
import type { BothLanguages } from "@/ui/words";
import type { CaseDetail } from "./types";

export interface Difference {
  field: string;
  before: string;
  after: string;
}

interface Said {
  say(text: BothLanguages | null | undefined): string;
  at(iso: string | null | undefined): string;
  state(state: string): string;
}

/** The facts a decision rests on, in words. */
function facts(one: CaseDetail, words: Said): Record<string, string> {
  return {
    state: words.state(one.state),
    kind: words.say(one.kind?.name),
    place: one.address || "—",
    unit: words.say(one.lead_unit?.name),
    co: one.co_units.map((unit) => words.say(unit.name)).join("、") || "—",
    handler: one.handler?.name ?? "—",
    due: words.at(one.due_at),
    level: one.level ? String(one.level) : "—",
    photos: String(one.photos.length),
    reports: String(one.reports),
  };
}

export function differences(before: CaseDetail, after: CaseDetail, words: Said): Difference[] {
  const old = facts(before, words);
  const now = facts(after, words);
  return Object.keys(old)
    .filter((field) => old[field] !== now[field])
    .map((field) => ({ field, before: old[field]!, after: now[field]! }));
}
