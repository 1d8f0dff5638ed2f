import { describe, expect, it } from "vitest";
import { matching } from "@/ui/combo";

const some = [
  { value: "1", label: "店外经营", group: "街面秩序" },
  { value: "2", label: "Burst water main", group: "Emergencies" },
  { value: "3", label: "Water on the road", group: "Emergencies" },
];

describe("finding a choice", () => {
  it("shows all when nothing is typed", () => {
    expect(matching(some, "  ")).toHaveLength(3);
  });

  it("puts those that begin with the words first", () => {
    expect(matching(some, "water").map((one) => one.value)).toEqual(["3", "2"]);
  });

  it("looks at the group too, and wants every word", () => {
    expect(matching(some, "街面 店").map((one) => one.value)).toEqual(["1"]);
    expect(matching(some, "water 街面")).toEqual([]);
  });
});
