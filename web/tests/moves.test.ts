import { describe, expect, it } from "vitest";
import { arranged, numbered } from "@/rooms/desk/moves";
import type { Move } from "@/rooms/desk/types";

const made = (move: string): Move => ({
  move,
  title: { zh: move, en: move },
  params: {},
  needs_photo: false,
});
const names = (moves: Move[]): string[] => moves.map((one) => one.move);

describe("moves", () => {
  const offered = ["return_step", "handle", "request_void", "assign", "start"].map(made);

  it("put the way onward first, in the order of the work", () => {
    expect(names(arranged(offered).forward)).toEqual(["assign", "start", "handle"]);
    expect(names(arranged(offered).side)).toEqual(["return_step", "request_void"]);
  });

  it("are numbered as they are shown", () => {
    expect(numbered(offered, 0)?.move).toBe("assign");
    expect(numbered(offered, 3)?.move).toBe("return_step");
    expect(numbered(offered, 5)).toBeUndefined();
  });

  it("never lend a side move the look of the way onward", () => {
    expect(arranged(["urge", "escalate"].map(made)).forward).toEqual([]);
  });
});
