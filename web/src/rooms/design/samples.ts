/** What the components show on their page. */
import type { Clocked } from "@/ui/age";
import type { ObjectSchema } from "@/ui/schema";

const HOUR = 3_600_000;

/** Limits fresh, half gone, near, late and paused. */
export function clocked(now: number): Clocked[] {
  const row = (left: number, whole: number): Clocked => ({
    clock: left < 0 ? "red" : "ok",
    due_at: new Date(now + left * HOUR).toISOString(),
    warn_at: new Date(now + (left - whole * 0.2) * HOUR).toISOString(),
  });
  return [row(7, 8), row(3.5, 8), row(1, 8), row(-1.5, 8), { clock: "paused", due_at: null }];
}

export function sampleForm(t: (key: string) => string): ObjectSchema {
  const both = (key: string) => ({ zh: t(key), en: t(key) });
  return {
    type: "object",
    required: ["area", "note"],
    properties: {
      area: { type: "number", minimum: 0, "x-title": both("design.sample.area") },
      blocked: { type: "boolean", "x-title": both("design.sample.blocked") },
      note: { type: "string", maxLength: 200, "x-title": both("design.sample.note") },
    },
  };
}
