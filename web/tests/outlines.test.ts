import { describe, expect, it } from "vitest";
import { boundsOf, labelPoints, type Loaded } from "@/map/outlines";
import { namesAbove } from "@/map/path";

const DISTRICT = 2 ** 48 + 2 ** 38;
const STREET = DISTRICT + 2 ** 26;
const COMMUNITY = STREET + 3 * 2 ** 14;

function box(no: number, name: string, west: number, center?: [number, number]): GeoJSON.Feature {
  const ring = [
    [west, 31],
    [west + 2, 31],
    [west + 2, 32],
    [west, 32],
    [west, 31],
  ];
  return {
    type: "Feature",
    properties: { no, name_zh: name, name_en: `E ${name}`, ...(center ? { center } : {}) },
    geometry: { type: "Polygon", coordinates: [ring] },
  };
}

const collection = (...features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({
  type: "FeatureCollection",
  features,
});
const loaded: Loaded = {
  districts: collection(box(DISTRICT, "黄浦区", 121)),
  streets: collection(box(STREET, "外滩街道", 121, [121.4, 31.4])),
};

describe("outlines", () => {
  it("have one label each: the given centre, else the middle", () => {
    const points = (shapes: GeoJSON.FeatureCollection): unknown[] =>
      labelPoints(shapes).features.map((one) => (one.geometry as GeoJSON.Point).coordinates);
    expect(points(loaded.streets)).toEqual([[121.4, 31.4]]);
    expect(points(loaded.districts)).toEqual([[122, 31.5]]);
  });

  it("have bounds, and none for an area that is not drawn", () => {
    expect(boundsOf(loaded, DISTRICT)).toEqual([121, 31, 123, 32]);
    expect(boundsOf(loaded, 7)).toBeNull();
  });

  it("name what lies above an area, outermost first", () => {
    const own = { zh: "振兴居委会", en: "Zhenxing" };
    const said = namesAbove(loaded, COMMUNITY, own).map((one) => one.zh);
    expect(said).toEqual(["黄浦区", "外滩街道", "振兴居委会"]);
    expect(namesAbove(loaded, DISTRICT, own).map((one) => one.zh)).toEqual(["振兴居委会"]);
  });
});
