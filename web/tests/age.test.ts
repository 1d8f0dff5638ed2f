import { describe, expect, it } from "vitest";
import { ageOf, tint } from "@/ui/age";

const now = Date.parse("2026-03-02T08:00:00Z");
const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();

describe("the age of a limit", () => {
  it("stands at 80 % when the warning comes", () => {
    const row = { due_at: at(20), warn_at: at(0), clock: "yellow" };
    expect(ageOf(row, now)).toBeCloseTo(0.8);
    expect(tint(ageOf(row, now))).toBe("near");
  });

  it("is late from the due instant on", () => {
    expect(tint(ageOf({ due_at: at(0), warn_at: at(-20), clock: "red" }, now))).toBe("late");
  });

  it("is half at half", () => {
    expect(tint(ageOf({ due_at: at(50), warn_at: at(30), clock: "ok" }, now))).toBe("half");
  });

  it("says nothing of a paused or missing clock", () => {
    expect(ageOf({ due_at: at(-5), warn_at: at(-9), clock: "paused" }, now)).toBe(0);
    expect(ageOf({ due_at: null, warn_at: null, clock: "none" }, now)).toBe(0);
  });
});
