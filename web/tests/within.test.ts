import { describe, expect, it } from "vitest";
import { inShape, namesAt } from "@/map/within";

function square(x: number, y: number, size: number): GeoJSON.Position[] {
  return [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
    [x, y],
  ];
}

function area(name: string, ...rings: GeoJSON.Position[][]): GeoJSON.Feature {
  return {
    type: "Feature",
    properties: { name_zh: name, name_en: null },
    geometry: { type: "Polygon", coordinates: rings },
  };
}

const all = (...features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({
  type: "FeatureCollection",
  features,
});

describe("the area under a point", () => {
  it("leaves holes out", () => {
    const shape = area("区", square(0, 0, 10), square(4, 4, 2)).geometry;
    expect(inShape(shape, 1, 1)).toBe(true);
    expect(inShape(shape, 5, 5)).toBe(false);
  });

  it("is named from the district down, and not at all outside", () => {
    const loaded = { districts: all(area("区", square(0, 0, 10))), streets: all(area("街", square(0, 0, 5))) };
    expect(namesAt(loaded, 1, 1).map((one) => one.zh)).toEqual(["区", "街"]);
    expect(namesAt(loaded, 8, 8).map((one) => one.en)).toEqual(["区"]);
    expect(namesAt(loaded, 20, 20)).toEqual([]);
  });
});
