/** Points by shape and colour, and shaded cells, as the map library wants them. */
import type { StyleSpecification } from "maplibre-gl";
import { FONT, type BaseMap } from "./basemap";
import { colourOf, token } from "./colours";
import { empty, groundStyle } from "./style";

export interface Mark {
  id: string;
  lon: number;
  lat: number;
  /** A shape of the legend. */
  shape: string;
  /** The name of a colour of the page. */
  color: string;
  /** Stands under the mark when one is near. */
  says?: string;
}

export interface Cell {
  id: string;
  ring: readonly (readonly number[])[];
  color: string;
}

export function spotOf(one: Mark): GeoJSON.Feature {
  return {
    type: "Feature",
    properties: { id: one.id, icon: `cy-${one.shape}`, color: colourOf(one.color), says: one.says ?? "" },
    geometry: { type: "Point", coordinates: [one.lon, one.lat] },
  };
}

export function shapeOf(one: Cell): GeoJSON.Feature {
  return {
    type: "Feature",
    properties: { id: one.id, color: colourOf(one.color) },
    geometry: { type: "Polygon", coordinates: [one.ring.map((each) => [...each])] },
  };
}

/** The ground, cells, marks with their words, and a ring around the chosen one. */
export function markStyle(language: string, base: BaseMap | null): StyleSpecification {
  const ground = groundStyle({ districts: empty() as never, streets: empty() as never }, language, base);
  const source = { type: "geojson" as const, data: empty() };
  return {
    ...ground,
    sources: { ...ground.sources, marks: source, cells: { ...source }, picked: { ...source } },
    layers: [
      ...ground.layers,
      { id: "cells", type: "fill", source: "cells", paint: { "fill-color": ["get", "color"], "fill-opacity": 0.45 } },
      { id: "cell-lines", type: "line", source: "cells", paint: { "line-color": ["get", "color"], "line-width": 1 } },
      {
        id: "picked",
        type: "circle",
        source: "picked",
        paint: {
          "circle-color": "rgba(0,0,0,0)",
          "circle-radius": 15,
          "circle-stroke-color": token("--text"),
          "circle-stroke-width": 3,
        },
      },
      {
        id: "marks",
        type: "symbol",
        source: "marks",
        layout: {
          "icon-image": ["get", "icon"],
          "icon-size": ["interpolate", ["linear"], ["zoom"], 9, 0.5, 13, 0.8, 17, 1.1],
          "icon-allow-overlap": true,
        },
        paint: { "icon-color": ["get", "color"], "icon-halo-color": "#ffffff", "icon-halo-width": 1.4 },
      },
      {
        id: "mark-words",
        type: "symbol",
        source: "marks",
        minzoom: 12,
        layout: {
          "text-field": ["get", "says"],
          "text-font": FONT,
          "text-size": 11,
          "text-anchor": "top",
          "text-offset": [0, 1.5],
          "text-optional": true,
        },
        paint: { "text-color": token("--text"), "text-halo-color": token("--map-land"), "text-halo-width": 1.4 },
      },
    ],
  };
}
