import { describe, expect, it } from "vitest";
import { frameOf, pathOf, stepOf } from "@/map/shapes";
import { isList, LISTS, sorted } from "@/rooms/home/cards";
import { lateShare, onTime, opens, type Figures } from "@/rooms/home/figures";
import { metres, walked } from "@/rooms/home/order";

const at = (lon: number, clock = "ok") => ({ lon, lat: 31, clock });

describe("the order of tasks", () => {
  it("takes the late first, then the nearest next", () => {
    const stops = [at(121.3), at(121.1), at(121.9, "red"), at(121.2), at(121.5, "yellow")];
    const way = walked(stops, { lon: 121, lat: 31 }).map((one) => one.lon);
    expect(way).toEqual([121.9, 121.5, 121.3, 121.2, 121.1]);
  });

  it("keeps the order of deadlines where nobody said where they are", () => {
    const stops = [at(121.3), at(121.1), at(121.9, "red")];
    expect(walked(stops, null).map((one) => one.lon)).toEqual([121.9, 121.3, 121.1]);
  });

  it("walks to what has no place last", () => {
    const stops = [{ clock: "ok" }, at(121.1)];
    expect(walked(stops, { lon: 121, lat: 31 })[0]).toEqual(at(121.1));
  });

  it("measures a tenth of a degree of latitude", () => {
    expect(metres({ lon: 121, lat: 31 }, { lon: 121, lat: 31.1 })).toBeCloseTo(11132, 0);
  });
});

describe("the cards of homes", () => {
  it("are drawn in the packs' order, each once", () => {
    expect(sorted(["now", "board", "now", "waiting"]).drawn).toEqual(["now", "board", "waiting"]);
  });

  it("are named where this version cannot draw them", () => {
    const found = sorted(["now", "weather", "board"]);
    expect(found).toEqual({ drawn: ["now", "board"], unknown: ["weather"] });
  });

  it("know their lists", () => {
    expect(LISTS.every(isList)).toBe(true);
    expect(isList("board")).toBe(false);
  });
});

const NONE: Figures = {
  open: 0,
  overdue: 0,
  soon: 0,
  grave: 0,
  supervised: 0,
  new: 0,
  closed: 0,
  timed: 0,
  in_time: 0,
  simulated: 0,
};

describe("figures", () => {
  it("are unknown, not zero, where there is nothing to divide by", () => {
    expect(onTime(NONE)).toBeNull();
    expect(lateShare(NONE)).toBeNull();
    expect(onTime({ ...NONE, timed: 4, in_time: 3 })).toBe(0.75);
    expect(stepOf(null)).toBeNull();
    expect([0, 0.05, 0.2, 0.9].map(stepOf)).toEqual([0, 1, 2, 3]);
  });

  it("open their lists", () => {
    expect(opens("overdue", 7, "x").query).toEqual({ queue: "all", area: "7", overdue: "1" });
    expect(opens("closed", 7, "x").query.closed_since).toBe("x");
  });
});

describe("shapes", () => {
  it("fill their frame with north above", () => {
    const square: GeoJSON.Polygon = {
      type: "Polygon",
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
          [0, 0],
        ],
      ],
    };
    const frame = frameOf([square], 100);
    expect(frame.y(1)).toBeLessThan(frame.y(0));
    expect(frame.x(1)).toBeCloseTo(98, 0);
    expect(pathOf(square, frame)).toMatch(/^M2\.0 9\d\.\d/);
    expect(frameOf([], 100).height).toBeGreaterThan(0);
  });
});
