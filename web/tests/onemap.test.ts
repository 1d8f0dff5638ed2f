/** The map's logic: addresses of the page, tree, legend, list, measuring, replay. */
import { describe, expect, it } from "vitest";
import { mix } from "@/map/colours";
import { belongs, catalogLook, layersOf, legendOf, type Look } from "@/map/look";
import { area, length, metres, perPixel, roundLength } from "@/map/measure";
import { drawnOf } from "@/rooms/onemap/drawing";
import { CATALOGUE, entriesOf, groupsOf, type CatalogLayer, type Entry } from "@/rooms/onemap/entries";
import { around } from "@/rooms/onemap/identify";
import { itemsOf, nameOf, pageOf, spanOf } from "@/rooms/onemap/items";
import { sifted, tilesOf, widened } from "@/rooms/onemap/loading";
import { shapeOf } from "@/rooms/onemap/measuring";
import { goodDays, shownAt, spanOfDays } from "@/rooms/onemap/replay";
import { FRESH, queryOf, shifted, stateOf, type MapState } from "@/rooms/onemap/state";
import { filled } from "@/rooms/onemap/tools";

const point = (lon: number, lat: number, properties: Record<string, unknown> = {}): GeoJSON.Feature => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates: [lon, lat] },
});
const all = (...features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: "FeatureCollection", features });

describe("the page's address", () => {
  const state: MapState = {
    view: { lon: 121.47, lat: 31.23, zoom: 14.5 },
    layers: [
      { id: "cases", opacity: 1, side: "both" },
      { id: "layer:roads", opacity: 0.55, side: "a" },
      { id: "grids", opacity: 1, side: "b" },
    ],
    at: "2026-05-01",
    atB: "2025-05-01",
    split: "swipe",
    swipe: 30,
    picked: [121.471, 31.231],
    list: true,
    since: "2026-11-01",
    until: "2026-11-03",
  };

  it("holds everything and gives it back", () => {
    expect(stateOf(queryOf(state))).toEqual(state);
    expect(queryOf(state).l).toBe("cases,layer:roads*55*a,grids*b");
  });

  it("is empty for a fresh map, and no layers differ from the usual ones", () => {
    expect(queryOf(FRESH)).toEqual({});
    expect(stateOf({})).toEqual(FRESH);
    expect(stateOf(queryOf({ ...FRESH, layers: [] })).layers).toEqual([]);
  });

  it.each([
    [{ m: "12/91/0" }, "view"],
    [{ m: "12/x/0" }, "view"],
    [{ p: "181,0" }, "picked"],
    [{ p: "1," }, "picked"],
    [{ at: "yesterday" }, "at"],
    [{ split: "sideways" }, "split"],
    [{ from: "2026-11-03", to: "2026-11-01" }, "since"],
  ] as const)("forgets what makes no sense: %o", (query, name) => {
    expect(stateOf(query)[name]).toEqual(FRESH[name]);
  });

  it("lets no strange id in", () => {
    expect(stateOf({ l: "cases,<b>,grids*500*c" }).layers).toEqual([
      { id: "cases", opacity: 1, side: "both" },
      { id: "grids", opacity: 1, side: "both" },
    ]);
  });

  it("moves a layer by one place and stops at the ends", () => {
    const ids = (by: -1 | 1, id: string): string[] => shifted(state.layers!, id, by).map((one) => one.id);
    expect(ids(1, "cases")).toEqual(["layer:roads", "cases", "grids"]);
    expect(ids(-1, "cases")).toEqual(["cases", "layer:roads", "grids"]);
    expect(ids(1, "grids")).toEqual(["cases", "layer:roads", "grids"]);
  });
});

describe("the layer tree", () => {
  const layer = { id: "u1", code: "wells", name: { zh: "井", en: "Wells" }, style: { type: "circle", color: "#112233", radius: 6 }, geometry: "point", source: "survey", dated: "2026-01-01", licence: "ODbL", synthetic: false, min_zoom: 3, max_zoom: 20 } as unknown as CatalogLayer;
  const declared = (part: string) => ({
    groups: [{ id: "water", title: { zh: "水", en: "Water" }, pack: "base" }],
    layers: [{ id: "own-wells", title: { zh: "水井", en: "Wells" }, group: "water", source: { collection: "layer", part, where: {} }, style: { shape: "star", color: "l1" }, note: null, min_zoom: 0, max_zoom: 24, opacity: 1, on: true, pack: "town" }],
    tools: [],
  });

  it("gives a declared layer the id and the credit of its catalogue entry", () => {
    const [own, plain] = entriesOf(declared("wells"), [layer]);
    expect(own).toMatchObject({ id: "own-wells", source: { part: "u1" }, credit: { source: "survey", licence: "ODbL" } });
    expect(plain).toMatchObject({ id: "layer:wells", group: CATALOGUE, look: { shape: "circle", color: "#112233", size: 6 } });
  });

  it("leaves out what the asker's catalogue does not hold, and empty groups", () => {
    const plugins = declared("secret");
    const entries = entriesOf(plugins, [layer]);
    expect(entries.map((one) => one.id)).toEqual(["layer:wells"]);
    expect(groupsOf(plugins, entries).map((one) => one.id)).toEqual([CATALOGUE]);
  });
});

const LOOK: Look = {
  shape: "circle",
  color: "text-3",
  paint: {
    field: "kind",
    classes: [
      { values: ["a/01*"], title: { zh: "甲", en: "A" }, color: "l1", shape: "star" },
      { values: ["b"], title: { zh: "乙", en: "B" }, color: "l2" },
    ],
    steps: [],
  },
};
const HOW = { source: "d:x", opacity: 0.5, minzoom: 0, maxzoom: 24 };

describe("how a layer is drawn", () => {
  it("has a legend line for each class with its own shape", () => {
    expect(legendOf(LOOK).map((one) => [one.shape, one.color])).toEqual([["star", "l1"], ["circle", "l2"]]);
    expect(legendOf({ shape: "line", color: "brand" })).toHaveLength(1);
  });

  it("matches values, and beginnings by a star", () => {
    expect(belongs("a/0102", ["a/01*"])).toBe(true);
    expect(belongs("a/02", ["a/01*"])).toBe(false);
    expect(belongs(1, ["1"])).toBe(true);
    expect(belongs(null, ["b"])).toBe(false);
  });

  it("uses marks where shapes differ and circles where they do not", () => {
    const types = (look: Look): string[] => layersOf(look, HOW, (name) => name).map((one) => one.type);
    expect(types(LOOK)).toEqual(["circle", "symbol", "symbol"]);
    expect(types({ shape: "circle", color: "l1" })).toEqual(["circle", "symbol", "circle"]);
    expect(types({ shape: "area", color: "l1", label: "name" })).toEqual(["fill", "line", "symbol"]);
    expect(types({ shape: "heat", color: "l1" })).toEqual(["heatmap"]);
  });

  it("fades each layer, and reads from tiles where it is told a layer inside", () => {
    const [fill] = layersOf({ shape: "area", color: "l1" }, { ...HOW, inside: "roads" }, (name) => name);
    expect(fill).toMatchObject({ "source-layer": "roads", paint: { "fill-opacity": 0.14 } });
  });

  it("reads a catalogue entry's style", () => {
    expect(catalogLook({ type: "line", color: "--l1", width: 3 }, "line")).toMatchObject({ shape: "line", color: "--l1", size: 3 });
    expect(catalogLook({}, "point").shape).toBe("circle");
    expect(catalogLook({}, "line", 0).color).not.toBe(catalogLook({}, "line", 1).color);
  });

  it("mixes two colours", () => {
    expect(mix("#000000", "#ffffff", 0.5)).toBe("#808080");
    expect(mix("#fff", "#000000", 0)).toBe("#ffffff");
  });
});

describe("what a map draws", () => {
  const entry = (id: string, collection: string): Entry => ({ id, group: "g", title: { zh: id, en: id }, source: { collection, part: "", where: {} }, look: LOOK, note: null, minZoom: 0, maxZoom: 24, opacity: 0.8, on: false, credit: null });
  const entries = [entry("cases", "cases"), entry("parts", "components")];
  const half = { found: { cases: { data: all(point(1, 1)), truncated: false }, parts: { data: all(), truncated: false } } };
  const held = [
    { id: "cases", opacity: 0.5, side: "a" as const },
    { id: "parts", opacity: 1, side: "both" as const },
    { id: "gone", opacity: 1, side: "both" as const },
  ];

  it("puts the uppermost last, and only the asked half", () => {
    expect(drawnOf(held, entries, half, null, null, 7).map((one) => one.id)).toEqual(["parts", "cases"]);
    expect(drawnOf(held, entries, half, "b", null, 7).map((one) => one.id)).toEqual(["parts"]);
    expect(drawnOf(held, entries, half, "a", null, 7)[1]!.opacity).toBeCloseTo(0.4);
  });

  it("draws from tiles what they tell of, whatever its number", () => {
    const [parts] = entries.filter((one) => one.id === "parts");
    const { source } = parts!;
    expect(tilesOf(7, source, { ...LOOK, paint: null, label: "code" })?.url).toContain("/tiles/components/{z}/{x}/{y}.mvt?city=7");
    expect(tilesOf(7, source, { ...LOOK, paint: null, label: "owner" })).toBeUndefined();
    expect(tilesOf(7, { ...source, where: { state: ["missing"] } }, { ...LOOK, paint: null })).toBeUndefined();
    expect(tilesOf(7, { ...source, collection: "cases" }, { ...LOOK, paint: null })).toBeUndefined();
  });

  it("puts the replay in the place of the cases alone", () => {
    const played = all(point(9, 9), point(8, 8));
    const drawn = drawnOf(held, entries, half, null, played, 7);
    expect(drawn.find((one) => one.id === "cases")!.data).toBe(played);
    expect(drawn.find((one) => one.id === "parts")!.data!.features).toHaveLength(0);
  });
});

describe("the list beside the map", () => {
  const cases: Entry = { id: "cases", group: "g", title: { zh: "", en: "" }, source: { collection: "cases", part: "", where: {} }, look: LOOK, note: null, minZoom: 0, maxZoom: 24, opacity: 1, on: true, credit: null };
  const data = all(point(121.5, 31.2, { id: "1", no: "A" }), point(121.51, 31.2, { id: "2", no: "B", state: "filed" }), point(130, 31, { id: "3", no: "C" }));

  it("names what is in view, nearest to the middle first, and counts the rest", () => {
    const found = itemsOf([{ entry: cases, title: "Cases", data }], [121.4, 31.1, 121.62, 31.3], "en", 1);
    expect(found.count).toBe(2);
    expect(found.items).toEqual([expect.objectContaining({ name: "B", what: "filed", to: "/desk/2", layer: "Cases" })]);
  });

  it("leaves out a heat map, which shows no things", () => {
    const heat = { ...cases, look: { ...LOOK, shape: "heat" as const } };
    expect(itemsOf([{ entry: heat, title: "", data }], [0, 0, 180, 90], "en", 9).count).toBe(0);
  });

  it("knows spans, names and pages", () => {
    expect(spanOf({ type: "LineString", coordinates: [[1, 2], [3, -4]] })).toEqual([1, -4, 3, 2]);
    expect(nameOf("regions", point(0, 0, { name_zh: "黄浦", name_en: "" }), "en")).toBe("黄浦");
    expect(pageOf("components", point(0, 0, { id: "x" }))).toBe("/places/components/x");
    expect(pageOf("cases", point(0, 0, { n: 12 }))).toBe("");
  });
});

describe("asking for a box", () => {
  it("asks a box that holds the one in view and stays under small steps", () => {
    const box = widened([121.401, 31.201, 121.499, 31.249]);
    expect(box[0]).toBeLessThanOrEqual(121.401);
    expect(box[3]).toBeGreaterThanOrEqual(31.249);
    expect(widened([121.402, 31.202, 121.5, 31.2495])).toEqual(box);
    expect(widened([-180, -90, 180, 90])).toEqual([-180, -90, 180, 90]);
  });

  it("keeps only what a layer's `where` lets through", () => {
    const found = { data: all(point(0, 0, { kind: "a/01" }), point(0, 0, { kind: "c" })), truncated: true };
    expect(sifted(found, { kind: ["a/*"] }).data.features).toHaveLength(1);
    expect(sifted(found, {})).toBe(found);
  });

  it("makes a box of metres around a point", () => {
    const [west, south, east, north] = around(121.47, 31.23, 100);
    expect(metres([west, 31.23], [east, 31.23])).toBeCloseTo(200, 0);
    expect(metres([121.47, south], [121.47, north])).toBeCloseTo(200, 0);
  });
});

describe("measuring", () => {
  it("knows a degree of the equator and a square kilometre", () => {
    expect(metres([0, 0], [1, 0])).toBeCloseTo(111_195, -1);
    const side = 1000 / 111_195;
    const ring: [number, number][] = [[0, 0], [side, 0], [side, side], [0, side]];
    expect(area(ring) / 1e6).toBeCloseTo(1, 3);
    expect(area([...ring].reverse())).toBeCloseTo(area(ring), 3);
    expect(length([[0, 0], [1, 0], [2, 0]])).toBeCloseTo(2 * metres([0, 0], [1, 0]), 6);
    expect(area(ring.slice(0, 2))).toBe(0);
  });

  it("draws points, then a line, then an area", () => {
    const kinds = (many: number): string[] =>
      shapeOf("area", ([[0, 0], [1, 0], [1, 1]] as [number, number][]).slice(0, many)).features.map((one) => one.geometry.type);
    expect(kinds(1)).toEqual(["Point"]);
    expect(kinds(2)[0]).toBe("LineString");
    expect(kinds(3)[0]).toBe("Polygon");
  });

  it("gives a scale bar a round length", () => {
    expect([7, 23, 199, 500, 0.7].map(roundLength)).toEqual([5, 20, 100, 500, 0.5]);
    expect(perPixel(0, 0)).toBeCloseTo(78_184, -2);
  });
});

describe("the replay", () => {
  const row = (at: string, lon: number | null = 1) => ({ id: at, no: at, state: "filed", clock: "ok", level: 4, lon, lat: 1, reported_at: at });

  it("shows what was reported in the day up to a moment", () => {
    const rows = [row("2026-11-01T00:00:00Z"), row("2026-11-02T00:00:00Z"), row("2026-11-02T00:30:00Z"), row("2026-11-01T12:00:00Z", null)];
    const found = shownAt(rows, Date.parse("2026-11-02T00:00:00Z"));
    expect(found.features.map((one) => one.properties!.no)).toEqual(["2026-11-02T00:00:00Z"]);
  });

  it("takes whole days of the city and not too many", () => {
    const [from, to] = spanOfDays("2026-11-01", "2026-11-01");
    expect([new Date(from).toISOString(), to - from]).toEqual(["2026-10-31T16:00:00.000Z", 86_400_000]);
    expect(goodDays("2026-01-01", "2026-04-02")).toBe(true);
    expect(goodDays("2026-01-01", "2026-04-03")).toBe(false);
    expect(goodDays("2026-01-02", "2026-01-01")).toBe(false);
  });
});

describe("a declared link", () => {
  it("is filled with the place, and leaves what it does not know", () => {
    expect(filled("/report?lon={lon}&lat={lat}&x={y}", [121.5, 31.25], 14)).toBe("/report?lon=121.500000&lat=31.250000&x={y}");
  });
});
