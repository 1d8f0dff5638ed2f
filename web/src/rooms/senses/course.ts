/** A stream's course over a time: how it is asked for, and what of it is drawn. Pure. */
import type { Schemas } from "@/api/client";

/** As many single readings as one answer holds. */
export const MOST_READINGS = 5_000;
const HOUR = 3_600;
const DAY_MS = 86_400_000;
/** The server works longer spans out of its hourly figures. */
const FRESH_MS = 2 * DAY_MS;

export interface Asked {
  from: string;
  to: string;
  /** Seconds; 0 asks for single readings. */
  window_s: number;
}

/** Single readings while they fit into an answer, then windows, then whole hours or days. */
export function courseAsked(from: number, to: number, every_s: number): Asked {
  const span = to - from;
  const iso = (ms: number): string => new Date(ms).toISOString();
  if (span <= FRESH_MS) {
    if (span / 1000 / Math.max(1, every_s) <= MOST_READINGS) return { from: iso(from), to: iso(to), window_s: 0 };
    const window_s = Math.ceil(span / 1000 / 720 / 60) * 60;
    return { from: iso(from), to: iso(to), window_s };
  }
  const whole = HOUR * 1000;
  return {
    from: iso(Math.floor(from / whole) * whole),
    to: iso(Math.ceil(to / whole) * whole),
    window_s: span <= 62 * DAY_MS ? HOUR : 24 * HOUR,
  };
}

/** Each flag has a sign of its own: none is told by colour alone. */
export const SIGNS: Record<string, string> = {
  impossible: "✕",
  doubtful: "◆",
  late: "▲",
  stuck: "■",
  maintenance: "★",
  corrected: "●",
};

export interface Row {
  at: string;
  value: number | null;
  word: string | null;
  low: number | null;
  high: number | null;
  flags: string[];
}

/** Figures that a rule held this property against, as it did when it spoke last. */
export function linesOf(
  signals: readonly { rule_id: string; steps: readonly Schemas["StepOut"][] }[],
  stream: { property_id: string; unit: string },
): { value: number; label: string }[] {
  const found = new Map<string, { value: number; label: string }>();
  for (const signal of signals) {
    for (const { why } of signal.steps) {
      if (!why?.condition) continue;
      const words = why.inputs.filter((one) => one.of === stream.property_id && !one.over).map((one) => one.word);
      for (const figure of why.figures) {
        const held = words.some((word) => compared(why.condition!, word, figure.word));
        if (!held || figure.value == null || figure.unit !== stream.unit) continue;
        const label = `${signal.rule_id} ${figure.word}`;
        found.set(label, { value: figure.value, label });
      }
    }
  }
  return [...found.values()];
}

/** Whether a condition holds one plain word against another, in either order. */
function compared(condition: string, one: string, other: string): boolean {
  const parts = condition.split(/&&|\|\|/).map((part) => part.replace(/[()\s]/g, ""));
  const ways = [">", "<", ">=", "<="];
  return parts.some((part) => ways.some((way) => part === one + way + other || part === other + way + one));
}
