import { describe, expect, it } from "vitest";
import { courseAsked, linesOf } from "@/rooms/senses/course";

const HOUR = 3_600_000;
const NOON = Date.parse("2026-03-02T12:30:00Z");

describe("how a course is asked for", () => {
  it("by single readings while they fit", () => {
    const asked = courseAsked(NOON - 24 * HOUR, NOON, 60);
    expect(asked).toEqual({ from: "2026-03-01T12:30:00.000Z", to: "2026-03-02T12:30:00.000Z", window_s: 0 });
  });

  it("by windows of minutes where there are too many", () => {
    expect(courseAsked(NOON - 24 * HOUR, NOON, 1).window_s).toBe(120);
    expect(courseAsked(NOON - HOUR, NOON, 1).window_s).toBe(0);
  });

  it("by whole hours, then days, where it is long", () => {
    const week = courseAsked(NOON - 7 * 24 * HOUR, NOON, 60);
    expect(week).toEqual({ from: "2026-02-23T12:00:00.000Z", to: "2026-03-02T13:00:00.000Z", window_s: 3_600 });
    expect(courseAsked(NOON - 365 * 24 * HOUR, NOON, 60).window_s).toBe(86_400);
  });
});

describe("lines of a rule's figures", () => {
  const input = { word: "depth", of: "ponding-depth", take: "newest", over: 0, at: "", readings: [], value: 30 };
  const figure = (word: string, unit = "cm") => ({ word, value: 15, unit, title: null, source: "", verified: false });
  const of = (condition: string, more: object = {}, unit = "cm") =>
    linesOf(
      [
        {
          rule_id: "flood.ponding",
          steps: [{ why: { condition, inputs: [{ ...input, ...more }], figures: [figure("deep", unit)] } }] as never,
        },
      ],
      { property_id: "ponding-depth", unit: "cm" },
    );

  it("are those that the condition holds the stream's own word against", () => {
    expect(of("depth > deep && area > wide")).toEqual([{ value: 15, label: "flood.ponding deep" }]);
    expect(of("(deep <= depth)")).toHaveLength(1);
  });

  it("are not those of other words, sums over time or other units", () => {
    expect(of("area > deep")).toEqual([]);
    expect(of("depth > deep * 2")).toEqual([]);
    expect(of("depth > deep", { over: 3_600 })).toEqual([]);
    expect(of("depth > deep", {}, "m")).toEqual([]);
  });
});
