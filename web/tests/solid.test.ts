import { describe, expect, it } from "vitest";
import { boxAround, cutTop, floorsOf, inView, PIPE_KINDS, solidsOf, type Building, type Pipe } from "@/map/solid";
import { BANDS, rgb, SUNS } from "@/map/solidLooks";
import { apart, pipeAt } from "@/map/solidPick";
import { hull, shadowsOf } from "@/map/solidShadows";
import { frameAt, placed, STRIDE, tubesOf } from "@/map/solidTubes";
import { queryOf, wantedOf } from "@/rooms/solid/address";

const SQUARE = [[[0, 0], [0.0001, 0], [0.0001, 0.0001], [0, 0.0001], [0, 0]]];

function feature(id: string, space: unknown, geometry: GeoJSON.Geometry): GeoJSON.Feature {
  return { type: "Feature", id, properties: { "cy:space": space }, geometry };
}

function house(space: object): Building {
  const whole = { top_m: 30, base_m: 0, levels: 10, storey_m: 3, told_by: "height", ...space };
  const found = solidsOf("b", [feature("1", whole, { type: "Polygon", coordinates: SQUARE })], true);
  return found.buildings[0]!;
}

function pipe(id: string, kind: string, north: number, depth = 2): Pipe {
  const space = { pipe: kind, depth_m: depth, depth_end_m: depth + 1, diameter_mm: 500 };
  const line = { type: "LineString" as const, coordinates: [[0, north], [0.001, north]] };
  return solidsOf("p", [feature(id, space, line)], true).pipes[0]!;
}

describe("what stands in space", () => {
  it("is read from features; what tells nothing is left out", () => {
    expect(house({})).toMatchObject({ id: "b:1", top: 30, levels: 10, synthetic: true });
    expect(pipe("7", "gas", 0)).toMatchObject({ id: "p:7", kind: "gas", depth: 2, depthEnd: 3, diameter: 500 });
    const flat = feature("2", null, { type: "Polygon", coordinates: SQUARE });
    expect(solidsOf("b", [flat], false)).toEqual({ buildings: [], pipes: [] });
    const point = feature("3", { base_m: 0, top_m: 3 }, { type: "Point", coordinates: [0, 0] });
    expect(solidsOf("b", [point], false).buildings).toEqual([]);
  });

  it("has the levels that exist, none below where it begins", () => {
    expect(floorsOf(house({}))).toHaveLength(10);
    const tower = floorsOf(house({ base_m: 13 }));
    expect(tower[0]).toEqual({ n: 5, from: 13, to: 15 });
    expect(tower.at(-1)).toEqual({ n: 10, from: 27, to: 30 });
    expect(floorsOf(house({ top_m: null }))).toEqual([]);
    expect(floorsOf(house({ levels: null }))).toEqual([]);
  });

  it("is cut at a height or above a level, never below where it begins", () => {
    expect(cutTop(house({}), null)).toBe(30);
    expect(cutTop(house({}), { by: "metres", at: 12 })).toBe(12);
    expect(cutTop(house({}), { by: "level", at: 2 })).toBe(6);
    expect(cutTop(house({ base_m: 13 }), { by: "metres", at: 5 })).toBe(13);
    expect(cutTop(house({}), { by: "metres", at: 99 })).toBe(30);
  });

  it("is listed from the highest and the deepest, only what is in view and shown", () => {
    const solids = { buildings: [house({ top_m: 5 }), house({})], pipes: [pipe("1", "gas", 0), pipe("2", "rain", 0, 4), pipe("3", "rain", 9)] };
    const seen = inView(solids, [-1, -1, 1, 1], new Set(PIPE_KINDS));
    expect(seen.buildings.map((one) => one.top)).toEqual([30, 5]);
    expect(seen.pipes.map((one) => one.id)).toEqual(["p:2", "p:1"]);
    expect(inView(solids, [-1, -1, 1, 1], new Set(["gas"])).pipes).toHaveLength(1);
  });

  it("is asked for in whole pieces, so a small move asks nothing new", () => {
    const box = boxAround([121.4692, 31.2323], 15);
    expect(boxAround([121.4693, 31.2324], 15)).toEqual(box);
    expect(box[0]).toBeLessThan(121.4692);
    expect(box[3]).toBeGreaterThan(31.2323);
  });
});

describe("the picture", () => {
  it("throws shadows away from the sun, as long as the height wants", () => {
    const [one] = shadowsOf([house({})], { azimuth: 90, zenith: 45 }, null).features;
    const xs = (one!.geometry as GeoJSON.Polygon).coordinates[0]!.map((p) => p[0]!);
    expect(Math.min(...xs) * 111_320).toBeCloseTo(-30, 0);
    expect(Math.max(...xs)).toBeCloseTo(0.0001, 6);
    expect(shadowsOf([house({})], SUNS.noon, { by: "metres", at: 1 }).features).toHaveLength(1);
    expect(shadowsOf([house({ top_m: null })], SUNS.noon, null).features).toEqual([]);
  });

  it("closes a hull and drops what is inside", () => {
    const found = hull([[0, 0], [2, 0], [1, 1], [2, 2], [0, 2], [1, 0.5]]);
    expect(found).toHaveLength(5);
    expect(found[0]).toEqual(found.at(-1));
    expect(found).not.toContainEqual([1, 1]);
  });

  it("lays pipes below the ground, falling evenly", () => {
    const frame = frameAt([0, 0]);
    const one = pipe("1", "sewage", 0);
    const { places, along } = placed(one, one.lines[0]!, frame);
    expect(places[0]).toEqual([0, 0, -2]);
    expect(places[1]![2]).toBe(-3);
    expect(along[1]).toBeCloseTo(111.2, 0);
  });

  it("makes six sides from each piece, all of them below", () => {
    const tubes = tubesOf([pipe("1", "sewage", 0), pipe("2", "gas", 0)], frameAt([0, 0]));
    expect(tubes.vertices).toHaveLength(2 * 2 * 6 * STRIDE);
    expect(tubes.indices).toHaveLength(2 * 6 * 6);
    expect(Math.max(...tubes.indices)).toBe(23);
    for (let at = 2; at < tubes.vertices.length; at += STRIDE) expect(tubes.vertices[at]).toBeLessThan(0);
    expect(tubes.drops).toHaveLength(2 * 6);
  });

  it("finds the pipe under the pointer, of those that are shown", () => {
    // Clip space is a thousandth of the metres, seen from straight above.
    const matrix = [0.001, 0, 0, 0, 0, 0.001, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    const shot = { matrix, frame: frameAt([0, 0]), deeper: 8, width: 1000, height: 1000 };
    const pipes = [pipe("1", "gas", 0), pipe("2", "rain", 0.0002)];
    const all = new Set(PIPE_KINDS);
    expect(pipeAt(pipes, all, shot, [520, 500])?.id).toBe("p:1");
    expect(pipeAt(pipes, all, shot, [520, 488])?.id).toBe("p:2");
    expect(pipeAt(pipes, new Set(["rain"] as const), shot, [520, 497])?.id).toBe("p:2");
    expect(pipeAt(pipes, all, shot, [520, 600])).toBeNull();
    expect(apart(0, 5, { x: -1, y: 0, w: 1 }, { x: 1, y: 0, w: 1 })).toBe(5);
  });

  it("tells kinds apart by bands, not by colour alone", () => {
    expect(new Set(PIPE_KINDS.map((kind) => BANDS[kind].join())).size).toBe(PIPE_KINDS.length);
    expect(rgb("#f80")).toEqual([1, 136 / 255, 0]);
  });
});

describe("the page's address", () => {
  const home: [number, number] = [121.4692, 31.2323];

  it("says all that is seen, and only what is unusual", () => {
    const asked = {
      c: "121.47000,31.23000",
      z: "17.20",
      p: "50",
      b: "-20",
      mode: "under",
      off: "gas,heat",
      deeper: "4",
      light: "noon",
      cut: "f6",
      pick: "demo-pipes:g1",
      floor: "3",
      e2e: "1",
    };
    expect(queryOf(wantedOf(asked, home), asked)).toEqual(asked);
    expect(Object.keys(queryOf(wantedOf({}, home)))).toEqual(["c", "z", "p", "b"]);
  });

  it("keeps to what can be shown, whatever it is given", () => {
    const wanted = wantedOf({ c: "x,99", z: "99", p: "-4", cut: "m999", deeper: "3", light: "night" }, home);
    expect(wanted.view).toEqual({ center: [121.4692, 85], zoom: 20, pitch: 0, bearing: -28 });
    expect(wanted).toMatchObject({ cut: { by: "metres", at: 300 }, deeper: 8, hour: "morning", under: false });
  });
});
