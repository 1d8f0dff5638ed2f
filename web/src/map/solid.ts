/** What stands and lies in space: buildings and pipes, as the features of layers tell them. */
export const PIPE_KINDS = ["water", "rain", "sewage", "gas", "power", "telecom", "heat"] as const;
export type PipeKind = (typeof PIPE_KINDS)[number];

interface Common {
  /** The layer's code and the feature's key. */
  id: string;
  layer: string;
  at: [number, number];
  synthetic: boolean;
  said: Record<string, unknown>;
}

export interface Building extends Common {
  is: "building";
  shape: GeoJSON.Polygon | GeoJSON.MultiPolygon;
  /** Metres above the ground; null: not known. */
  top: number | null;
  base: number;
  levels: number | null;
  storey: number;
  toldBy: "height" | "levels" | "";
}

export interface Pipe extends Common {
  is: "pipe";
  kind: PipeKind;
  lines: GeoJSON.Position[][];
  /** Metres below the ground, at both ends. */
  depth: number;
  depthEnd: number;
  /** Millimetres; null: not known. */
  diameter: number | null;
}

export type Solid = Building | Pipe;

export interface Solids {
  buildings: Building[];
  pipes: Pipe[];
}

/** Where buildings are cut: at a height in metres, or above a level; null for nowhere. */
export type Cut = { by: "metres" | "level"; at: number } | null;

type Stood = Record<string, number | string | null>;

/** A layer's features as solids; what does not tell how it stands is left out. */
export function solidsOf(layer: string, features: readonly GeoJSON.Feature[], synthetic: boolean): Solids {
  const found: Solids = { buildings: [], pipes: [] };
  for (const one of features) {
    const said = one.properties ?? {};
    const space = said["cy:space"] as Stood | null | undefined;
    if (!space) continue;
    const common = { id: `${layer}:${one.id}`, layer, synthetic, said };
    const shape = one.geometry;
    if ("pipe" in space && (shape.type === "LineString" || shape.type === "MultiLineString")) {
      const lines = shape.type === "LineString" ? [shape.coordinates] : shape.coordinates;
      found.pipes.push({
        ...common,
        is: "pipe",
        kind: space.pipe as PipeKind,
        lines,
        at: midway(lines[0] ?? []),
        depth: Number(space.depth_m),
        depthEnd: Number(space.depth_end_m),
        diameter: space.diameter_mm as number | null,
      });
    } else if ("base_m" in space && (shape.type === "Polygon" || shape.type === "MultiPolygon")) {
      const rings = shape.type === "Polygon" ? shape.coordinates : (shape.coordinates[0] ?? []);
      found.buildings.push({
        ...common,
        is: "building",
        shape,
        at: centre(rings[0] ?? []),
        top: space.top_m as number | null,
        base: Number(space.base_m),
        levels: space.levels as number | null,
        storey: Number(space.storey_m),
        toldBy: space.told_by as Building["toldBy"],
      });
    }
  }
  return found;
}

function midway(line: GeoJSON.Position[]): [number, number] {
  const [a, b] = [line[0] ?? [0, 0], line.at(-1) ?? [0, 0]];
  return [((a[0] ?? 0) + (b[0] ?? 0)) / 2, ((a[1] ?? 0) + (b[1] ?? 0)) / 2];
}

function centre(ring: GeoJSON.Position[]): [number, number] {
  const xs = ring.map((p) => p[0] ?? 0);
  const ys = ring.map((p) => p[1] ?? 0);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

export interface Floor {
  n: number;
  from: number;
  to: number;
}

/** The levels of a building that exist: what begins in the air has none below. */
export function floorsOf(one: Building): Floor[] {
  if (one.top === null || !one.levels) return [];
  const found: Floor[] = [];
  for (let n = 1; n <= one.levels; n += 1) {
    const to = Math.min(one.top, n * one.storey);
    const from = Math.max(one.base, (n - 1) * one.storey);
    if (to - from > 0.05) found.push({ n, from, to });
  }
  return found;
}

/** Where a building ends when it is cut; never below where it begins. */
export function cutTop(one: Building, cut: Cut): number {
  const top = one.top ?? 0;
  if (!cut) return top;
  const at = cut.by === "metres" ? cut.at : cut.at * one.storey;
  return Math.max(one.base, Math.min(top, at));
}

export type Box = [west: number, south: number, east: number, north: number];

export function inside(box: Box, [lon, lat]: [number, number]): boolean {
  return lon >= box[0] && lon <= box[2] && lat >= box[1] && lat <= box[3];
}

/** The box that is asked of the server round a place: whole hundredths, so that small moves ask nothing. */
export function boxAround([lon, lat]: [number, number], zoom: number): Box {
  const [wide, high] = zoom >= 16 ? [0.012, 0.01] : [0.02, 0.016];
  const down = (value: number): number => Math.floor(value * 100) / 100;
  const up = (value: number): number => Math.ceil(value * 100) / 100;
  return [down(lon - wide), down(lat - high), up(lon + wide), up(lat + high)];
}

/** Those in view, buildings from the highest, pipes from the deepest. */
export function inView(solids: Solids, box: Box, kinds: ReadonlySet<PipeKind>): Solids {
  return {
    buildings: solids.buildings
      .filter((one) => inside(box, one.at))
      .sort((a, b) => (b.top ?? -1) - (a.top ?? -1)),
    pipes: solids.pipes
      .filter((one) => kinds.has(one.kind) && inside(box, one.at))
      .sort((a, b) => Math.max(b.depth, b.depthEnd) - Math.max(a.depth, a.depthEnd)),
  };
}
