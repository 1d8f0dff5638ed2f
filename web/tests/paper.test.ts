import { describe, expect, it } from "vitest";
import { grouped, paperNumbers, typedTime } from "@/rooms/paper/groups";
import { emptyLine, faultsOf, MOVES, sent, type Known } from "@/rooms/paper/lines";
import { zh } from "@/locales/parts/paper";

const KNOWN: Known = {
  people: new Map([["handler", "id-h"]]),
  units: new Map([["环卫所", "id-u"]]),
  kinds: new Map([["暴露垃圾", "K"]]),
};

describe("a typed time", () => {
  it.each([
    ["2026-03-02 14:05", "2026-03-02T14:05:00+08:00"],
    ["2026-3-2 4:05", "2026-03-02T04:05:00+08:00"],
    [" 2026-03-02T14：05 ", "2026-03-02T14:05:00+08:00"],
  ])("%s is one", (typed, iso) => expect(typedTime(typed)).toBe(iso));

  it.each(["", "14:05", "2026-06-31 10:00", "2026-13-01 10:00", "2026-03-02 25:00", "yesterday"])(
    "%s is none",
    (typed) => expect(typedTime(typed)).toBeNull(),
  );
});

describe("a list's groups", () => {
  it("stand by their most urgent row, the unsettled last", () => {
    const rows = ["b1", "", "a1", "b2"];
    const found = grouped(rows, (row) => row[0] ?? null, "?");
    expect(found.map((one) => [one.name, one.rows.length])).toEqual([
      ["b", 2],
      ["a", 1],
      ["?", 1],
    ]);
  });

  it("numbers of blank forms differ on each, and carry their day", () => {
    const numbers = paperNumbers("260302", [0, 1, 33, 63], 3);
    expect(numbers[0]).toBe("P260302-ABB9-01");
    expect(new Set(numbers).size).toBe(3);
  });
});

describe("a line", () => {
  it("says what is missing before anybody is asked", () => {
    expect(faultsOf(emptyLine(1, "report"), KNOWN)).toEqual({ when: "badWhen", no: "required", text: "required" });
    const move = { ...emptyLine(2, "move"), when: "2026-03-02 14:05", case: "1", move: "assign" };
    expect(faultsOf(move, KNOWN)).toEqual({ handler_id: "required" });
    expect(faultsOf({ ...move, params: { handler_id: "who" } }, KNOWN)).toEqual({ handler_id: "unknownPerson" });
    expect(faultsOf({ ...move, params: { handler_id: "handler" } }, KNOWN)).toEqual({});
  });

  it("is sent with ids for names and its own time", () => {
    const line = { ...emptyLine(1, "move"), when: "2026-03-02 14:05", case: " 7 ", move: "dispatch", params: { unit: "环卫所", note: "" } };
    expect(sent(line, KNOWN)).toEqual({
      no: "",
      occurred_at: "2026-03-02T14:05:00+08:00",
      by: "",
      case: "7",
      move: "dispatch",
      params: { unit: "id-u" },
    });
    const report = { ...emptyLine(1, "report"), no: "P1", when: "2026-03-02 14:05", kind: "暴露垃圾", lon: "121", lat: "31" };
    expect(sent(report, KNOWN).report).toEqual({ text: "", address: "", kind: "K", lon: 121, lat: 31 });
  });

  it("starts with the day and case of the one before", () => {
    const first = { ...emptyLine(1, "move"), when: "2026-03-02 14:05", case: "7" };
    const second = emptyLine(2, "move", first);
    expect([second.when, second.case]).toEqual(["2026-03-02 ", "7"]);
  });

  it("has words for every move and field", () => {
    for (const [move, asked] of Object.entries(MOVES)) {
      expect(zh.moves).toHaveProperty(move);
      for (const one of asked) expect(zh.fields).toHaveProperty(one.name);
    }
  });
});
