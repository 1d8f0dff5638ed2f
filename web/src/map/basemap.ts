/** How the city's own base map is drawn: by roles, in the page's colours. */
import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import { mix, token } from "./colours";

export interface BaseMap {
  url: string;
  attribution: string;
}

export const FONT = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];
const MOST_ZOOM = 15;

export function baseSource(base: BaseMap): SourceSpecification {
  return { type: "vector", url: `pmtiles://${location.origin}${base.url}`, maxzoom: MOST_ZOOM };
}

/** A road's class without "_link"; what names none counts as small. */
const ROAD: ExpressionSpecification = ["coalesce", ["get", "highway"], ""];
const GREAT = ["motorway", "trunk", "motorway_link", "trunk_link"];
const MAIN = ["primary", "secondary", "primary_link", "secondary_link"];
const MIDDLE = ["tertiary", "tertiary_link"];
const FOOT = ["footway", "path", "steps", "pedestrian", "cycleway"];

function widths(by: number): ExpressionSpecification {
  const at = (great: number, main: number, middle: number, foot: number, small: number) =>
    [
      "match", ROAD,
      GREAT, great + by, MAIN, main + by, MIDDLE, middle + by, FOOT, foot + by,
      small + by,
    ] as unknown as ExpressionSpecification;
  return [
    "interpolate", ["exponential", 1.5], ["zoom"],
    8, at(1, 0.6, 0.3, 0, 0.2),
    12, at(2.6, 2, 1.2, 0.4, 0.8),
    15, at(7, 6, 4.5, 1.2, 3),
    18, at(22, 20, 16, 3, 12),
  ] as unknown as ExpressionSpecification;
}

/** The layers under everything else, lowest first. */
export function baseLayers(language: string): LayerSpecification[] {
  const land = token("--map-land");
  const line = token("--map-line");
  const text = token("--map-text");
  const dark = document.documentElement.dataset.theme === "dark";
  const name: ExpressionSpecification =
    language === "en"
      ? ["coalesce", ["get", "name:en"], ["get", "name"], ""]
      : ["coalesce", ["get", "name"], ""];
  const halo = { "text-color": text, "text-halo-color": land, "text-halo-width": 1.4 };
  const of = (role: string) => ({ source: "base", "source-layer": role });
  return [
    { id: "base-land", type: "fill", ...of("land"), paint: { "fill-color": mix(land, line, 0.08) } },
    { id: "base-green", type: "fill", ...of("green"), paint: { "fill-color": mix(land, token("--ok"), 0.16) } },
    { id: "base-water", type: "fill", ...of("water"), paint: { "fill-color": mix(token("--map-sea"), token("--l4"), 0.12) } },
    {
      id: "base-building",
      type: "fill",
      ...of("building"),
      minzoom: 13,
      paint: { "fill-color": mix(land, line, 0.22), "fill-outline-color": mix(land, line, 0.5) },
    },
    {
      id: "base-boundary",
      type: "line",
      ...of("boundary"),
      paint: { "line-color": mix(land, line, 0.55), "line-width": 0.8, "line-dasharray": [3, 3] },
    },
    {
      id: "base-road-edge",
      type: "line",
      ...of("road"),
      minzoom: 11,
      layout: { "line-cap": ["step", ["zoom"], "butt", 13, "round"], "line-join": "round" },
      paint: { "line-color": mix(land, line, dark ? 0.34 : 0.6), "line-width": widths(1.2) },
    },
    {
      id: "base-road",
      type: "line",
      ...of("road"),
      layout: { "line-cap": ["step", ["zoom"], "butt", 13, "round"], "line-join": "round" },
      paint: {
        "line-color": [
          "match", ROAD,
          GREAT, mix(land, token("--l2"), dark ? 0.4 : 0.3),
          MAIN, mix(land, token("--l3"), dark ? 0.26 : 0.22),
          dark ? mix(land, line, 0.18) : "#ffffff",
        ] as unknown as ExpressionSpecification,
        "line-width": widths(0),
      },
    },
    {
      id: "base-rail",
      type: "line",
      ...of("rail"),
      paint: {
        "line-color": mix(land, token("--brand"), 0.5),
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.8, 12, 1.6, 16, 3],
      },
    },
    {
      id: "base-station",
      type: "circle",
      ...of("station"),
      minzoom: 11,
      paint: {
        "circle-color": land,
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, 2, 15, 5],
        "circle-stroke-color": mix(land, token("--brand"), 0.7),
        "circle-stroke-width": 1.5,
      },
    },
    {
      id: "base-road-name",
      type: "symbol",
      ...of("road"),
      minzoom: 13.5,
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 320,
        "text-field": name,
        "text-font": FONT,
        "text-size": 11,
        "text-padding": 8,
      },
      paint: halo,
    },
    {
      id: "base-station-name",
      type: "symbol",
      ...of("station"),
      minzoom: 12,
      layout: {
        "text-field": name,
        "text-font": FONT,
        "text-size": 11,
        "text-anchor": "top",
        "text-offset": [0, 0.6],
        "text-optional": true,
      },
      paint: halo,
    },
    {
      id: "base-label",
      type: "symbol",
      ...of("label"),
      layout: { "text-field": name, "text-font": FONT, "text-size": 12 },
      paint: halo,
    },
  ];
}
