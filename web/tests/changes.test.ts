import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { added } from "@/rooms/desk/changes";

function item(at: string, move: string): Schemas["TimelineItem"] {
  return { at, move, actor: "", data: {}, org: null, text: { zh: `${move}了`, en: move } };
}

it("tells what others did meanwhile", () => {
  const before = [item("2026-03-02T08:00:00Z", "report")];
  const after = [...before, item("2026-03-02T08:01:00Z", "accept")];
  expect(added(before, after).map((one) => one.en)).toEqual(["accept"]);
  expect(added(after, after)).toEqual([]);
});
