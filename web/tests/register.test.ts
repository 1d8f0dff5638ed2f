import { describe, expect, it } from "vitest";
import { around, shown, tone } from "@/rooms/register/register";

describe("values of a change", () => {
  it("are read by people", () => {
    expect(shown(null)).toBe("—");
    expect(shown([])).toBe("—");
    expect(shown([{ kind: "old_name", name: "甲路1号" }, { kind: "alias", name: "乙" }])).toBe("甲路1号；乙");
    expect(shown(0)).toBe("0");
  });

  it("have a tone only where it says something", () => {
    expect(tone("published")).toBe("ok");
    expect(tone("anything")).toBe("plain");
  });
});

describe("the box around a point", () => {
  it("is as wide as it is high on the ground", () => {
    const [west, south, east, north] = around(121, 31, 100).split(",").map(Number) as [number, number, number, number];
    expect((north - south) * 111_195).toBeCloseTo(200, 0);
    expect((east - west) * 111_195 * Math.cos((31 * Math.PI) / 180)).toBeCloseTo(200, 0);
  });
});
