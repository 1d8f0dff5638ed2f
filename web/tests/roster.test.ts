import { describe, expect, it } from "vitest";
import { cells, organisations } from "@/rooms/people/csv";
import { leads } from "@/rooms/people/tiers";
import { grid, overlaps, span, usual, type Planned } from "@/rooms/shifts/roster";

const MONDAY = "2026-11-16";

function shift(id: string, day: string, from: string, to: string, ...who: string[]): Planned {
  const members = who.map((one) => ({ id: one, name: one, on_at: null, off_at: null }));
  return { id, ...span(day, from, to), members, handover: "running" };
}

describe("a roster", () => {
  it("has a line for everybody, several shifts a day, and nobody lost who may no longer be planned", () => {
    const shifts = [
      shift("2", MONDAY, "16:00", "23:00", "li"),
      shift("1", MONDAY, "08:00", "12:00", "li", "gone"),
    ];
    const lines = grid([{ id: "li", name: "Li" }, { id: "wu", name: "Wu" }], shifts, MONDAY);
    expect(lines.map((one) => one.name)).toEqual(["Li", "Wu", "gone"]);
    expect(lines[0]!.days[0]!.map((one) => one.id)).toEqual(["1", "2"]);
    expect(lines[1]!.days.flat()).toEqual([]);
  });

  it("puts a night under the day it begins on, in the city's zone", () => {
    const night = shift("n", "2026-11-17", "23:00", "07:00", "li");
    expect(new Date(night.ends_at).toISOString()).toBe("2026-11-17T23:00:00.000Z");
    expect(grid([], [night], MONDAY)[0]!.days[1]!.length).toBe(1);
  });

  it("knows usual hours and double duty", () => {
    const one = shift("1", MONDAY, "08:00", "16:00", "li");
    const other = shift("2", MONDAY, "15:00", "20:00", "li");
    const third = shift("3", "2026-11-17", "08:00", "16:00", "li");
    expect(usual([one, other, third])[0]).toEqual({ from: "08:00", to: "16:00" });
    expect([overlaps(one, other), overlaps(one, third), overlaps(one, one)]).toEqual([true, false, false]);
  });
});

describe("organisations of a file", () => {
  it("reads quotes, line breaks in them, and what spreadsheets put in front", () => {
    expect(cells('\uFEFFa,"b, c"\r\n"d ""e""",f\n\n')).toEqual([["a", "b, c"], ['d "e"', "f"]]);
  });

  it("takes the Chinese name where there is no other, and says which columns are missing", () => {
    const text = "code,name_zh,kind,area,roles,parent\nx-1,Name,department,310101,sanitation; drainage,\n";
    expect(organisations(text).rows).toEqual([
      {
        code: "x-1",
        name: { zh: "Name", en: "Name" },
        kind: "department",
        area: "310101",
        roles: ["sanitation", "drainage"],
        parent: null,
      },
    ]);
    expect(organisations("code,kind\n1,2").missing).toEqual(["name_zh", "area"]);
  });

  it("finds the entries an organisation leads, by code or by a role it holds at its level", () => {
    const org = { code: "X", roles: ["sanitation"], level: "street" } as never;
    const entries = [
      { id: "code", lead: { org: "X" } },
      { id: "role", lead: { role: "sanitation", level: "street" } },
      { id: "above", lead: { role: "sanitation", level: "city" } },
      { id: "other", lead: { org: "Y" } },
    ];
    expect(leads(entries, org).map((one) => one.id)).toEqual(["code", "role"]);
  });
});
