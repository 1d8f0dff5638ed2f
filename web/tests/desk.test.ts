import { beforeEach, describe, expect, it } from "vitest";
import { draftedMove, draftOf, dropDraft, dropOthers, keepDraft } from "@/rooms/desk/drafts";
import { alike, eldest, like, piles } from "@/rooms/desk/groups";
import { besideLane, laneCount, laneOf, LANES } from "@/rooms/desk/lanes";
import { fit, ranked, type Command } from "@/rooms/desk/palette";
import type { CaseRow } from "@/rooms/desk/types";
import { askedOf, narrowedBy, queryOf, wantedOf } from "@/rooms/desk/wanted";

const command = (label: string, also = ""): Command => ({ id: label, label, also, group: "", run: () => undefined });
const labels = (found: Command[]): string[] => found.map((one) => one.label);

describe("the command line", () => {
  const all = [command("申请作废", "Request void"), command("派遣", "Dispatch"), command("派遣 → 环卫所", "Dispatch Sanitation")];

  it("finds by either language, by letters in their order, and by several words", () => {
    expect(labels(ranked(all, "disp"))).toEqual(["派遣", "派遣 → 环卫所"]);
    expect(labels(ranked(all, "派遣 环卫"))).toEqual(["派遣 → 环卫所"]);
    expect(labels(ranked(all, "rqvd"))).toEqual(["申请作废"]);
    expect(ranked(all, "zebra")).toEqual([]);
    expect(ranked(all, "")).toHaveLength(3);
  });

  it("holds a beginning above a word within, and that above scattered letters", () => {
    expect(fit("dispatch", "dis")).toBeGreaterThan(fit("re-dispatch", "dis"));
    expect(fit("re-dispatch", "dis")).toBeGreaterThan(fit("d i s", "dis"));
    expect(fit("dispatch", "dx")).toBe(0);
  });
});

describe("lanes", () => {
  it("are known by their states and counted together", () => {
    expect(laneOf(LANES[2]!.states.join(","))).toBe("dispatch");
    expect(laneOf("closed")).toBe("");
    expect(laneCount(LANES[2]!, { pending_dispatch: 3, returned: 2, closed: 9 })).toBe(5);
    expect(laneCount(LANES[2]!, undefined)).toBeNull();
  });

  it("stand side by side, with every lane past either end", () => {
    expect(laneOf(besideLane("", 1))).toBe("accept");
    expect(laneOf(besideLane("", -1))).toBe("close");
    expect(besideLane(LANES.at(-1)!.states.join(","), 1)).toBe("");
  });
});

describe("what the queue is narrowed to", () => {
  it("goes into the address and comes back", () => {
    const query = { queue: "all", clock: "late", unit: "u1", overdue: "1" };
    expect(queryOf(wantedOf(query))).toEqual(query);
    expect(askedOf(wantedOf({ queue: "mine" }))).toEqual({ queue: "mine" });
    expect(narrowedBy(wantedOf({ kind: "k", area: "3" }))).toBe(2);
  });
});

const row = (id: string, more: Partial<CaseRow> = {}): CaseRow =>
  ({
    id,
    state: "pending_accept",
    text: "",
    kind: { id: "k", name: { zh: "k", en: "k" } },
    area: { no: 1, code: "1", name: { zh: "a", en: "a" }, level: "street" },
    reported_at: `2026-03-0${id}T00:00:00Z`,
    ...more,
  }) as CaseRow;

describe("a heap", () => {
  it("falls into piles by kind and area, the greatest first", () => {
    const found = piles([row("1"), row("2", { kind: null }), row("3")]);
    expect(found.map((pile) => pile.rows.map((one) => one.id))).toEqual([["1", "3"], ["2"]]);
  });

  it("takes in what reads alike, in the same state only", () => {
    const one = row("1", { kind: null, text: "人民路积水很深，车过不去" });
    const other = row("2", { kind: { id: "x" } as never, text: "人民路积水很深过不去" });
    const elsewhere = row("3", { kind: { id: "x" } as never, text: "路灯不亮" });
    const later = row("4", { ...other, id: "4", state: "handling" });
    expect(like([one, other, elsewhere, later], one).map((each) => each.id)).toEqual(["1", "2"]);
    expect(alike("", "积水")).toBe(0);
  });

  it("is joined into the case reported first", () => {
    expect(eldest([row("3"), row("1"), row("2")])?.id).toBe("1");
  });
});

describe("drafts", () => {
  beforeEach(() => sessionStorage.clear());

  it("are their writer's alone", () => {
    keepDraft("me", "c1", "reject", { reason: "x" });
    expect(draftOf("me", "c1", "reject")).toEqual({ reason: "x" });
    expect(draftedMove("me", "c1")).toBe("reject");
    expect(draftedMove("you", "c1")).toBeNull();
    dropOthers("you");
    expect(draftOf("me", "c1", "reject")).toBeNull();
    keepDraft("you", "c1", "accept", {});
    dropDraft("you", "c1", "accept");
    expect(draftedMove("you", "c1")).toBeNull();
  });
});
