import { describe, expect, it } from "vitest";
import { came, diff, tally } from "@/rooms/duties/diff";
import { about, done, emptyEntry, matched, names, type Content, type Entry } from "@/rooms/duties/entries";

function entry(id: string, change: Partial<Entry> = {}): Entry {
  return { ...emptyEntry([]), id, kinds: ["A/1"], lead: { role: "sanitation", level: "street" }, ...change };
}

function list(...entries: Entry[]): Content {
  return { id: "ours", version: "1", source: "", effective_from: null, verified: false, entries };
}

describe("patterns of kinds", () => {
  it("name what the server says they name", () => {
    expect(names("GBT/event/01*", "GBT/event/0110")).toBe(true);
    expect(names("GBT/event/01?0", "GBT/event/0110")).toBe(true);
    expect(names("GBT/event/[!0]*", "GBT/event/0110")).toBe(false);
    // A dot is a dot, not any letter.
    expect(names("GBT.2/*", "GBT32/x")).toBe(false);
    expect(names("a[", "a[")).toBe(true);
  });

  it("are counted once each", () => {
    expect(matched(["A/*", "A/1"], ["A/1", "A/2", "B/1"])).toEqual(["A/1", "A/2"]);
  });
});

describe("a step on a draft", () => {
  it("puts an entry in its place under its new name, or at the end", () => {
    const step = { put: entry("b2"), was: "b" };
    expect(done(list(entry("a"), entry("b")), step).entries.map((one) => one.id)).toEqual(["a", "b2"]);
    expect(about(step)).toBe("b");
    const fresh = done(list(entry("a")), { put: entry("z"), was: null });
    expect(fresh.entries.map((one) => one.id)).toEqual(["a", "z"]);
  });

  it("takes one out", () => {
    expect(done(list(entry("a"), entry("b")), { drop: "a" }).entries.map((one) => one.id)).toEqual(["b"]);
  });
});

describe("two versions", () => {
  it("differ by what was added, removed and changed, not by the order of kinds", () => {
    const before = list(entry("same", { kinds: ["x", "y"] }), entry("gone"), entry("moved"));
    const after = list(entry("moved", { lead: { org: "X" } }), entry("same", { kinds: ["y", "x"] }), entry("new"));
    expect(diff(before, after).map(({ id, how, fields }) => [id, how, fields])).toEqual([
      ["gone", "removed", []],
      ["moved", "changed", ["lead"]],
      ["new", "added", []],
    ]);
  });

  it("show which kinds came and went", () => {
    expect(came(["a", "b"], ["b", "c"])).toEqual({ out: ["a"], in: ["c"] });
  });

  it("add up by unit: what one loses another gains, or a person decides", () => {
    const unit = (id: string) => ({ id, name: { zh: id, en: id } });
    const found = tally([
      { before: unit("a"), after: unit("b"), count: 3 },
      { before: unit("b"), after: null, count: 2 },
    ]);
    expect(found.map((one) => [one.unit, one.gains, one.loses])).toEqual([
      ["b", 3, 2],
      ["a", 0, 3],
      ["", 2, 0],
    ]);
    const sum = (name: "gains" | "loses"): number => found.reduce((all, one) => all + one[name], 0);
    expect(sum("gains")).toBe(sum("loses"));
  });
});
