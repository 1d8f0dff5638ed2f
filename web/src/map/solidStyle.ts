/** The picture of what stands in space: ground, shadows, pipes' place, buildings by height, words. */
import type { ExpressionSpecification, LightSpecification, SkySpecification, StyleSpecification } from "maplibre-gl";
import type { Cut } from "./solid";
import { STEPS, SUNS, token, type Hour } from "./solidLooks";
import { empty } from "./style";

const FONT = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

/** Below `pipes` the ground, above it what stands; the pipes' own layer is put in between. */
export function solidStyle(
  language: string,
  under: boolean,
  hour: Hour,
  cut: Cut,
  sliced: Sliced | null,
): StyleSpecification {
  const name = language === "en" ? "name_en" : "name_zh";
  const label: ExpressionSpecification = ["coalesce", ["get", name], ["get", "name_zh"]];
  const sources = ["districts", "streets", "district-labels", "street-labels", "shadows", "floor"];
  return {
    version: 8,
    light: lightOf(hour),
    sky: skyOf(),
    sources: {
      ...Object.fromEntries(sources.map((one) => [one, { type: "geojson" as const, data: empty() }])),
      buildings: { type: "geojson", data: empty(), promoteId: "id", maxzoom: 16, tolerance: 0.1 },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": token("--map-sea") } },
      { id: "land", type: "fill", source: "districts", paint: { "fill-color": token("--solid-ground") } },
      {
        id: "street-line",
        type: "line",
        source: "streets",
        // Made-up outlines are dashed: nobody shall take them for surveyed borders.
        paint: { "line-color": token("--map-line-2"), "line-width": 1.4, "line-dasharray": [4, 2] },
      },
      {
        id: "district-line",
        type: "line",
        source: "districts",
        paint: { "line-color": token("--map-line"), "line-width": 2.5 },
      },
      {
        id: "shadows",
        type: "fill",
        source: "shadows",
        layout: { visibility: under ? "none" : "visible" },
        // Opaque, so that shadows that overlap are no darker.
        paint: { "fill-color": token("--solid-shadow"), "fill-antialias": false },
      },
      {
        id: "veil",
        type: "background",
        layout: { visibility: under ? "visible" : "none" },
        paint: { "background-color": token("--solid-ground"), "background-opacity": 0.18 },
      },
      {
        id: "plates",
        type: "fill",
        source: "buildings",
        layout: { visibility: under ? "visible" : "none" },
        // Thin glass above the pipes: what stands there hides them a little.
        paint: { "fill-color": heightColour(), "fill-opacity": 0.34 },
      },
      {
        id: "footprints",
        type: "line",
        source: "buildings",
        layout: { visibility: under ? "visible" : "none" },
        paint: {
          "line-color": token("--map-line"),
          "line-width": ["interpolate", ["linear"], ["zoom"], 14, 0.3, 18, 1.4],
          "line-opacity": 0.9,
        },
      },
      {
        id: "buildings",
        type: "fill-extrusion",
        source: "buildings",
        filter: standsAbove(cut),
        layout: { visibility: under ? "none" : "visible" },
        paint: {
          "fill-extrusion-color": heightColour(),
          "fill-extrusion-base": ["get", "base"],
          "fill-extrusion-height": cutHeight(cut, sliced),
          "fill-extrusion-vertical-gradient": true,
        },
      },
      {
        id: "floor",
        type: "fill-extrusion",
        source: "floor",
        layout: { visibility: under ? "none" : "visible" },
        paint: {
          "fill-extrusion-color": token("--solid-floor"),
          "fill-extrusion-base": ["get", "from"],
          "fill-extrusion-height": ["get", "to"],
        },
      },
      words("street-label", "street-labels", label, 12, "--map-text", 13),
      words("district-label", "district-labels", label, 16, "--text", 10, 13),
    ],
  };
}

function words(
  id: string,
  source: string,
  label: ExpressionSpecification,
  size: number,
  colour: string,
  from: number,
  to = 24,
): StyleSpecification["layers"][number] {
  return {
    id,
    type: "symbol",
    source,
    minzoom: from,
    maxzoom: to,
    layout: { "text-field": label, "text-font": FONT, "text-size": size, "text-padding": 6 },
    paint: { "text-color": token(colour), "text-halo-color": token("--solid-ground"), "text-halo-width": 1.8 },
  };
}

/** Light from where the sun stands at that hour, of its colour. */
export function lightOf(hour: Hour): LightSpecification {
  const sun = SUNS[hour];
  return {
    anchor: "map",
    color: token(`--sun-${hour}`),
    intensity: 0.42,
    position: [1.5, sun.azimuth, sun.zenith],
  };
}

export function skyOf(): SkySpecification {
  return {
    "sky-color": token("--solid-sky"),
    "horizon-color": token("--solid-haze"),
    "fog-color": token("--solid-haze"),
    "fog-ground-blend": 0.6,
    "horizon-fog-blend": 0.7,
    "sky-horizon-blend": 0.6,
    "atmosphere-blend": 0,
  };
}

/** By height; another for a height that is not known, another for what is picked. */
function heightColour(): ExpressionSpecification {
  const ramp = STEPS.flatMap((metres, at) => [metres, token(`--solid-${at}`)]);
  return [
    "case",
    ["boolean", ["feature-state", "picked"], false],
    token("--solid-picked"),
    ["==", ["get", "top"], null],
    token("--solid-unknown"),
    ["interpolate", ["linear"], ["coalesce", ["get", "top"], 0], ...ramp],
  ] as unknown as ExpressionSpecification;
}

function reached(cut: Cut): ExpressionSpecification | number {
  if (!cut) return 10_000;
  return cut.by === "metres" ? cut.at : ["*", cut.at, ["get", "storey"]];
}

/** One building that ends where the level that is looked at begins. */
export interface Sliced {
  id: string;
  at: number;
}

export function cutHeight(cut: Cut, sliced: Sliced | null): ExpressionSpecification {
  // What has no known height is a slab, seen but claiming nothing.
  const all: ExpressionSpecification = [
    "max",
    ["get", "base"],
    ["min", ["coalesce", ["get", "top"], 0.3], reached(cut)],
  ];
  return sliced ? ["case", ["==", ["get", "id"], sliced.id], sliced.at, all] : all;
}

/** Without what begins above the cut. */
export function standsAbove(cut: Cut): ExpressionSpecification {
  return ["<", ["get", "base"], reached(cut)];
}
