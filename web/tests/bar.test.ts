import { expect, it } from "vitest";
import { fitting } from "@/app/fitting";
import { mostPressing } from "@/rooms/desk/pressing";

it("shows every place where all fit", () => {
  expect(fitting([50, 60, 70], 180, 40, -1)).toEqual([0, 1, 2]);
});

it("keeps the order, leaves room for the menu, and never hides where one is", () => {
  expect(fitting([50, 60, 70, 80], 200, 40, -1)).toEqual([0, 1]);
  expect(fitting([50, 60, 70, 80], 200, 40, 3)).toEqual([0, 3]);
  expect(fitting([50, 60, 70, 80], 90, 40, 2)).toEqual([2]);
});

it("takes no later, narrower place before one that does not fit", () => {
  expect(fitting([50, 120, 20, 20], 150, 40, -1)).toEqual([0]);
});

it("puts an overdue case before a graver one that is in time", () => {
  const rows = [
    { id: "a", level: 1, clock: "green", due_at: "2026-11-22T10:00:00Z" },
    { id: "b", level: 3, clock: "red", due_at: "2026-11-22T09:00:00Z" },
    { id: "c", level: 3, clock: "red", due_at: "2026-11-22T08:00:00Z" },
  ];
  expect(mostPressing(rows)?.id).toBe("c");
  expect(mostPressing(rows.slice(0, 1))?.id).toBe("a");
  expect(mostPressing([])).toBeNull();
});
