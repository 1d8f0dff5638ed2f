/** The map's look from the page's own tokens: one style, two themes, no glyph server. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { baseLayers, baseSource, FONT, type BaseMap } from "./basemap";
import { token } from "./colours";

export interface Outlines {
  districts: string;
  streets: string;
}

/** The level's colour, red where the clock is over. */
function dotColour(): ExpressionSpecification {
  return [
    "case",
    ["==", ["get", "clock"], "red"],
    token("--l1"),
    ["==", ["get", "clock"], "done"],
    token("--ok"),
    [
      "match",
      ["coalesce", ["get", "level"], 0],
      1,
      token("--l1"),
      2,
      token("--l2"),
      3,
      token("--l3"),
      token("--l4"),
    ],
  ];
}

/** Sea, land, the base map where there is one, and the borders and names of areas. */
export function groundStyle(outlines: Outlines, language: string, base: BaseMap | null): StyleSpecification {
  const name = language === "en" ? "name_en" : "name_zh";
  const label: ExpressionSpecification = ["coalesce", ["get", name], ["get", "name_zh"]];
  return {
    version: 8,
    sources: {
      districts: { type: "geojson", data: outlines.districts },
      streets: { type: "geojson", data: outlines.streets },
      "district-labels": { type: "geojson", data: empty() },
      "street-labels": { type: "geojson", data: empty() },
      ...(base ? { base: baseSource(base) } : {}),
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": token("--map-sea") } },
      {
        id: "land",
        type: "fill",
        source: "districts",
        paint: { "fill-color": token("--map-land") },
      },
      ...(base ? baseLayers(language) : []),
      {
        id: "street-line",
        type: "line",
        source: "streets",
        minzoom: 9.5,
        // Synthetic outlines are dashed: nobody shall take them for surveyed borders.
        paint: {
          "line-color": token("--map-line-2"),
          "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.6, 14, 1.6],
          "line-dasharray": [4, 2],
        },
      },
      {
        id: "district-line",
        type: "line",
        source: "districts",
        paint: {
          "line-color": token("--map-line"),
          "line-width": ["interpolate", ["linear"], ["zoom"], 8, 1, 14, 3],
        },
      },
      {
        id: "street-label",
        type: "symbol",
        source: "street-labels",
        minzoom: 10.8,
        layout: { "text-field": label, "text-font": FONT, "text-size": 11, "text-padding": 6 },
        paint: {
          "text-color": token("--map-text"),
          "text-halo-color": token("--map-land"),
          "text-halo-width": 1.4,
        },
      },
      {
        id: "district-label",
        type: "symbol",
        source: "district-labels",
        maxzoom: 13,
        layout: {
          "text-field": label,
          "text-font": FONT,
          "text-size": ["interpolate", ["linear"], ["zoom"], 8, 12, 12, 17],
        },
        paint: {
          "text-color": token("--text"),
          "text-halo-color": token("--map-land"),
          "text-halo-width": 1.8,
        },
      },
    ],
  };
}

/** The ground, and cases as dots on it. */
export function cityStyle(outlines: Outlines, language: string, base: BaseMap | null = null): StyleSpecification {
  const ground = groundStyle(outlines, language, base);
  return {
    ...ground,
    sources: {
      ...ground.sources,
      cases: {
        type: "geojson",
        data: empty(),
        cluster: true,
        clusterMaxZoom: 12,
        clusterRadius: 44,
        clusterProperties: { late: ["+", ["get", "late"]], n: ["+", ["get", "n"]] },
      },
      picked: { type: "geojson", data: empty() },
    },
    layers: [...ground.layers, ...caseLayers()],
  };
}

function caseLayers(): LayerSpecification[] {
  // Summed here from neighbours, or by the server from a whole cell.
  const several: ExpressionSpecification = ["any", ["has", "point_count"], ["==", ["get", "summed"], true]];
  return [
    {
      id: "clusters",
      type: "circle",
      source: "cases",
      filter: several,
      paint: {
        "circle-color": token("--brand"),
        "circle-opacity": 0.88,
        "circle-radius": ["step", ["get", "n"], 13, 20, 17, 100, 22, 500, 28],
        "circle-stroke-color": ["case", [">", ["get", "late"], 0], token("--l1"), "#fff"],
        "circle-stroke-width": 2.5,
      },
    },
    {
      id: "cluster-count",
      type: "symbol",
      source: "cases",
      filter: several,
      layout: {
        "text-field": [
          "case",
          [">=", ["get", "n"], 10000],
          ["concat", ["to-string", ["round", ["/", ["get", "n"], 1000]]], "k"],
          ["to-string", ["get", "n"]],
        ],
        "text-font": FONT,
        "text-size": 12,
        "text-allow-overlap": true,
      },
      paint: { "text-color": token("--brand-ink") },
    },
    {
      id: "dots",
      type: "circle",
      source: "cases",
      filter: ["!", several],
      paint: {
        "circle-color": dotColour(),
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 4.5, 12, 7, 15, 9],
        "circle-stroke-color": "#fff",
        "circle-stroke-width": 1.5,
      },
    },
    {
      id: "numerals",
      type: "symbol",
      source: "cases",
      minzoom: 12,
      filter: [
        "all",
        ["!", several],
        ["any", [">", ["get", "level"], 0], ["!=", ["get", "mark"], ""]],
      ],
      layout: {
        "text-field": ["case", ["!=", ["get", "mark"], ""], ["get", "mark"], ["match", ["get", "level"], 1, "Ⅰ", 2, "Ⅱ", 3, "Ⅲ", "Ⅳ"]],
        "text-font": FONT,
        "text-size": 10,
        "text-allow-overlap": true,
      },
      paint: {
        "text-color": ["match", ["get", "level"], 1, token("--l1-ink"), 4, token("--l4-ink"), token("--l2-ink")],
      },
    },
    {
      id: "picked",
      type: "circle",
      source: "picked",
      paint: {
        "circle-color": "rgba(0,0,0,0)",
        "circle-radius": 14,
        "circle-stroke-color": token("--text"),
        "circle-stroke-width": 3,
      },
    },
    {
      id: "picked-point",
      type: "circle",
      source: "picked",
      paint: { "circle-color": token("--text"), "circle-radius": 3 },
    },
  ];
}

export function empty(): GeoJSON.FeatureCollection {
  return { type: "FeatureCollection", features: [] };
}
