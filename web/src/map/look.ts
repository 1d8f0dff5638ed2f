/** How a declared layer is drawn: its style as layers of the map, and as lines of a legend. */
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from "maplibre-gl";
import { FONT } from "./basemap";

export type Shape = "area" | "line" | "circle" | "square" | "triangle" | "diamond" | "star" | "cross" | "heat";
interface Named {
  zh: string;
  en: string;
}

export interface Look {
  shape: Shape;
  color: string;
  size?: number | null;
  label?: string | null;
  dashed?: boolean;
  paint?: {
    field: string;
    classes: { values: string[]; title: Named; color: string; shape?: Shape | null }[];
    steps: { since: number; title: Named; color: string }[];
  } | null;
}

export interface LegendLine {
  shape: Shape;
  color: string;
  dashed: boolean;
  /** Null: the layer's own name says it. */
  title: Named | null;
}

export const SYMBOLS = ["square", "triangle", "diamond", "star", "cross"] as const;
type Colours = (name: string) => string;

/** What the legend of a layer says, in the order of its classes. */
export function legendOf(look: Look): LegendLine[] {
  const dashed = look.dashed ?? false;
  const own: LegendLine = { shape: look.shape, color: look.color, dashed, title: null };
  const paint = look.paint;
  if (!paint) return [own];
  return [
    ...paint.classes.map((one) => ({ ...own, shape: one.shape ?? look.shape, color: one.color, title: one.title })),
    ...paint.steps.map((one) => ({ ...own, color: one.color, title: one.title })),
  ];
}

/** Whether a value belongs to a class; `*` at the end stands for any. */
export function belongs(value: unknown, patterns: readonly string[]): boolean {
  const said = String(value ?? "");
  return patterns.some((one) => (one.endsWith("*") ? said.startsWith(one.slice(0, -1)) : said === one));
}

function test(field: string, patterns: readonly string[]): ExpressionSpecification {
  const said = ["to-string", ["coalesce", ["get", field], ""]];
  const each = patterns.map((one) =>
    one.endsWith("*")
      ? ["==", ["slice", said, 0, one.length - 1], one.slice(0, -1)]
      : ["==", said, one],
  );
  return ["any", ...each] as unknown as ExpressionSpecification;
}

function colour(look: Look, colours: Colours): string | ExpressionSpecification {
  const paint = look.paint;
  const other = colours(look.color);
  if (!paint) return other;
  if (paint.steps.length) {
    const steps = paint.steps.flatMap((one) => [one.since, colours(one.color)]);
    return ["step", ["to-number", ["get", paint.field], -1e300], other, ...steps] as unknown as ExpressionSpecification;
  }
  const cases = paint.classes.flatMap((one) => [test(paint.field, one.values), colours(one.color)]);
  return ["case", ...cases, other] as unknown as ExpressionSpecification;
}

function icon(look: Look): ExpressionSpecification {
  const name = (shape: Shape): string => `cy-${shape}`;
  const cases = (look.paint?.classes ?? []).flatMap((one) => [
    test(look.paint!.field, one.values),
    name(one.shape ?? look.shape),
  ]);
  return (cases.length ? ["case", ...cases, name(look.shape)] : ["literal", name(look.shape)]) as never;
}

export interface Drawing {
  source: string;
  /** The layer inside vector tiles. */
  inside?: string;
  opacity: number;
  minzoom: number;
  maxzoom: number;
}

/** The share of a paint that a layer's opacity is given to. */
export const FADED: Record<string, [string, number][]> = {
  fill: [["fill-opacity", 0.28]],
  line: [["line-opacity", 1]],
  circle: [["circle-opacity", 1], ["circle-stroke-opacity", 1]],
  symbol: [["text-opacity", 1], ["icon-opacity", 1]],
  heatmap: [["heatmap-opacity", 1]],
};

export function faded(type: string, opacity: number): Record<string, number> {
  return Object.fromEntries((FADED[type] ?? []).map(([name, most]) => [name, most * opacity]));
}

/** The layers of a drawn layer, lowest first; ids begin with the source's. */
export function layersOf(look: Look, drawn: Drawing, colours: Colours): LayerSpecification[] {
  const of = {
    source: drawn.source,
    ...(drawn.inside ? { "source-layer": drawn.inside } : {}),
    minzoom: drawn.minzoom,
    maxzoom: drawn.maxzoom,
  };
  const paint = colour(look, colours);
  const size = look.size ?? 5;
  const several: FilterSpecification = [">", ["coalesce", ["get", "n"], 1], 1];
  const single: FilterSpecification = ["<=", ["coalesce", ["get", "n"], 1], 1];
  const made: unknown[] = [];
  const add = (part: string, type: string, more: Record<string, unknown>): void => {
    const given = (more.paint ?? {}) as Record<string, unknown>;
    made.push({ id: `${drawn.source}-${part}`, type, ...of, ...more, paint: { ...given, ...faded(type, drawn.opacity) } });
  };
  const shape = ["geometry-type"];
  if (look.shape === "heat") {
    add("heat", "heatmap", {
      paint: {
        "heatmap-weight": ["min", 1, ["/", ["+", 1, ["ln", ["coalesce", ["get", "n"], 1]]], 4]],
        "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 8, size * 0.6, 14, size * 1.6],
        "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 8, 0.7, 15, 2],
        "heatmap-color": [
          "interpolate", ["linear"], ["heatmap-density"],
          0, "rgba(0,0,0,0)",
          0.15, colours("l4"),
          0.45, colours("l3"),
          0.75, colours("l2"),
          1, colours("l1"),
        ],
      },
    });
    return made as LayerSpecification[];
  }
  if (look.shape === "area") {
    add("fill", "fill", { filter: ["==", shape, "Polygon"], paint: { "fill-color": paint } });
  }
  if (look.shape === "area" || look.shape === "line") {
    add("line", "line", {
      paint: {
        "line-color": paint,
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, (look.size ?? 1.5) * 0.6, 16, (look.size ?? 1.5) * 1.3],
        ...(look.dashed ? { "line-dasharray": [4, 2] } : {}),
      },
    });
  } else {
    add("sum", "circle", {
      filter: several,
      paint: {
        "circle-color": colours("brand"),
        "circle-radius": ["step", ["get", "n"], 13, 20, 17, 100, 22, 500, 28],
        "circle-stroke-color": ["case", [">", ["coalesce", ["get", "late"], ["get", "bad"], 0], 0], colours("l1"), "#ffffff"],
        "circle-stroke-width": 2.5,
      },
    });
    add("count", "symbol", {
      filter: several,
      layout: { "text-field": ["to-string", ["get", "n"]], "text-font": FONT, "text-size": 12, "text-allow-overlap": true },
      paint: { "text-color": colours("brand-ink") },
    });
    const scale = ["interpolate", ["linear"], ["zoom"], 9, size * 0.65, 13, size, 17, size * 1.5];
    if (look.shape === "circle" && !(look.paint?.classes ?? []).some((one) => one.shape && one.shape !== "circle")) {
      add("dot", "circle", {
        filter: single,
        paint: { "circle-color": paint, "circle-radius": scale, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.4 },
      });
    } else {
      add("mark", "symbol", {
        filter: single,
        layout: {
          "icon-image": icon(look),
          "icon-size": ["interpolate", ["linear"], ["zoom"], 9, size * 0.65 / 10, 13, size / 10, 17, size * 0.15],
          "icon-allow-overlap": true,
        },
        paint: { "icon-color": paint, "icon-halo-color": "#ffffff", "icon-halo-width": 1.4 },
      });
    }
  }
  if (look.label) {
    add("label", "symbol", {
      minzoom: Math.max(drawn.minzoom, 15),
      layout: {
        "text-field": ["to-string", ["coalesce", ["get", look.label], ""]],
        "text-font": FONT,
        "text-size": 11,
        "text-variable-anchor": ["top", "bottom", "left", "right"],
        "text-radial-offset": 0.9,
        "text-optional": true,
      },
      paint: { "text-color": colours("text"), "text-halo-color": colours("map-land"), "text-halo-width": 1.4 },
    });
  }
  return made as LayerSpecification[];
}

/** Colours of layers that say none, told apart in light and dark. */
const OWN = ["#2f7ed8", "#b85c1e", "#2a9570", "#9b55b8", "#a37a10", "#c23d72"];

/** A catalogue entry's style in the words of declared layers; `place` is where it stands there. */
export function catalogLook(style: Record<string, unknown>, geometry: string, place = 0): Look {
  const text = (name: string): string | null => (typeof style[name] === "string" ? (style[name] as string) : null);
  const number = (name: string): number | null => (typeof style[name] === "number" ? (style[name] as number) : null);
  const types: Record<string, Shape> = { fill: "area", "fill-extrusion": "area", line: "line", circle: "circle", symbol: "square", heatmap: "heat" };
  const shapes: Record<string, Shape> = { point: "circle", line: "line", polygon: "area", area: "area" };
  const shape = types[text("type") ?? ""] ?? shapes[geometry] ?? "area";
  const line = shape === "area" || shape === "line";
  return {
    shape,
    color: text("color") ?? OWN[place % OWN.length]!,
    size: (line ? number("width") : number("radius")) ?? (line ? 1.6 : 5),
    label: text("label"),
  };
}
