import { describe, expect, it } from "vitest";
import { bandOf, frameOf, pathOf, thinned, ticks, xOf, yOf } from "@/ui/charting";
import { asCsv, askedFor } from "@/rooms/senses/senses";
import { byUrgency, stateOf, stepped, type Line } from "@/rooms/signals/signals";
import { differing, type Content } from "@/rooms/rules/content";

const size = { width: 100, height: 50 };

describe("a chart of readings", () => {
  it("holds readings and figures with air around", () => {
    const frame = frameOf([{ at: 0, value: 1 }], [3], { from: 0, to: 10 }, size);
    expect(frame.low).toBeLessThan(1);
    expect(frame.high).toBeGreaterThan(3);
    expect(xOf(frame, 5)).toBe(50);
    expect(yOf(frame, frame.high)).toBe(0);
  });
  it("begins anew after a gap, and begins at all", () => {
    const frame = frameOf([{ at: 0, value: 0 }], [1], { from: 0, to: 100 }, size);
    const points = [0, 10, 50].map((at) => ({ at, value: 0 }));
    expect(pathOf(frame, points, 20).match(/M/g)).toHaveLength(2);
    expect(pathOf(frame, points, Number.POSITIVE_INFINITY).match(/M/g)).toHaveLength(1);
  });
  it("is thinned without losing a peak", () => {
    const points = Array.from({ length: 10_000 }, (_one, at) => ({ at, value: at === 7_777 ? 9 : 0 }));
    const few = thinned(points, 200);
    expect(few.length).toBeLessThanOrEqual(200);
    expect(few.some((one) => one.value === 9)).toBe(true);
    expect(few.every((one, at) => at === 0 || one.at > few[at - 1]!.at)).toBe(true);
  });
  it("has round ticks", () => {
    expect(ticks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(ticks(3, 3, 4)).toEqual([3]);
  });
});

describe("a list of signals", () => {
  const line = (id: string, severity: number, more: Partial<Line> = {}): Line =>
    ({ id, severity, acknowledged_at: null, closed_at: null, joined_to: null, muted: false, opened_at: id, ...more }) as Line;
  it("shows the worst first, and those nobody is on before the others", () => {
    const rows = [line("1", 3), line("2", 1, { acknowledged_at: "x" }), line("3", 1)];
    expect(rows.sort(byUrgency).map((one) => one.id)).toEqual(["3", "2", "1"]);
  });
  it("is walked by keys and stops at its ends", () => {
    const rows = [line("1", 1), line("2", 1)];
    expect([stepped(rows, null, 1), stepped(rows, "1", 1), stepped(rows, "2", 1), stepped(rows, "1", -1)]).toEqual(["1", "2", "2", "1"]);
    expect(stepped([], null, 1)).toBeNull();
  });
  it("has one word for each", () => {
    expect(stateOf(line("1", 1, { muted: true, closed_at: "x" }))).toBe("closed");
    expect(stateOf(line("1", 1, { muted: true }))).toBe("muted");
    expect(stateOf(line("1", 1))).toBe("open");
  });
});

describe("readings", () => {
  it("are asked for in whole hours over long times", () => {
    const asked = askedFor("week", Date.UTC(2026, 10, 23, 10, 17));
    expect(asked).toEqual({ from: "2026-11-16T10:00:00.000Z", to: "2026-11-23T11:00:00.000Z", window_s: 3600 });
  });
  it("become CSV that no spreadsheet runs", () => {
    expect(asCsv(["a"], [["=1+1"], ['b"c'], [null], [-2]])).toBe(`a\r\n'=1+1\r\n"b""c"\r\n\r\n-2`);
  });
});

describe("wordings of a rule", () => {
  it("say which parts differ", () => {
    const one = { levels: [], figures: {}, hold: 0, settle: 0, inputs: {}, then: {} } as unknown as Content;
    expect(differing(one, { ...one, hold: 5 })).toEqual(["hold"]);
    expect(differing(one, { ...one })).toEqual([]);
  });
});

describe("a band", () => {
  const frame = { from: 0, to: 100, low: 0, high: 10, width: 100, height: 10 };

  it("runs along its tops and back along its feet", () => {
    const band = [{ at: 0, low: 2, high: 8 }, { at: 10, low: 3, high: 9 }];
    expect(bandOf(frame, band, 50)).toBe("M0.0 2.0L10.0 1.0L10.0 7.0L0.0 8.0Z");
  });

  it("is broken by a gap, and nothing where there is nothing", () => {
    const band = [{ at: 0, low: 2, high: 8 }, { at: 60, low: 3, high: 9 }];
    expect(bandOf(frame, band, 50).match(/M/g)).toHaveLength(2);
    expect(bandOf(frame, [], 50)).toBe("");
  });
});
