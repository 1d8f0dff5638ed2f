/** Pipes as six-sided tubes in metres round an origin: east, north, and down as negative up. */
import { PIPE_KINDS, type Pipe } from "./solid";

const SIDES = 6;
/** A pipe whose diameter is not known is drawn this thick, in metres. */
const UNKNOWN = 0.15;
/** at (3), normal (3), along (m), radius (m), kind (index), number of the pipe. */
export const STRIDE = 10;

export interface Frame {
  origin: [number, number];
  east(lon: number): number;
  north(lat: number): number;
}

export interface Tubes {
  vertices: Float32Array<ArrayBuffer>;
  indices: Uint32Array<ArrayBuffer>;
  /** Thin upright lines from a pipe's beginning to the ground, three numbers a point. */
  drops: Float32Array<ArrayBuffer>;
}

/** The earth's radius as the map library takes it, metres. */
const RADIUS = 6_371_008.8;

function mercator(lat: number): number {
  return Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
}

/** Metres round a place, stretched with the map's projection, so that they lie where it draws them. */
export function frameAt(origin: [number, number]): Frame {
  const metres = RADIUS * Math.cos((origin[1] * Math.PI) / 180);
  return {
    origin,
    east: (lon) => (((lon - origin[0]) * Math.PI) / 180) * metres,
    north: (lat) => (mercator(lat) - mercator(origin[1])) * metres,
  };
}

type Place = [x: number, y: number, z: number];

/** A line's points in metres, its depth changing evenly along it. */
export function placed(pipe: Pipe, line: GeoJSON.Position[], frame: Frame): { places: Place[]; along: number[] } {
  const flat = line.map(([lon = 0, lat = 0]) => [frame.east(lon), frame.north(lat)] as const);
  const along = [0];
  for (let at = 1; at < flat.length; at += 1) {
    const [a, b] = [flat[at - 1]!, flat[at]!];
    along.push(along[at - 1]! + Math.hypot(b[0] - a[0], b[1] - a[1]));
  }
  const whole = along.at(-1) || 1;
  const places = flat.map(
    ([x, y], at): Place => [x, y, -(pipe.depth + ((pipe.depthEnd - pipe.depth) * along[at]!) / whole)],
  );
  return { places, along };
}

export function tubesOf(pipes: readonly Pipe[], frame: Frame): Tubes {
  const vertices: number[] = [];
  const indices: number[] = [];
  const drops: number[] = [];
  pipes.forEach((pipe, number) => {
    const radius = (pipe.diameter ?? UNKNOWN * 1000) / 2000;
    const kind = PIPE_KINDS.indexOf(pipe.kind);
    for (const line of pipe.lines) {
      const { places, along } = placed(pipe, line, frame);
      if (places.length < 2) continue;
      const first = vertices.length / STRIDE;
      places.forEach(([x, y, z], at) => {
        const before = places[Math.max(0, at - 1)]!;
        const after = places[Math.min(places.length - 1, at + 1)]!;
        const length = Math.hypot(after[0] - before[0], after[1] - before[1]) || 1;
        const side = [(after[1] - before[1]) / length, -(after[0] - before[0]) / length] as const;
        for (let corner = 0; corner < SIDES; corner += 1) {
          const turn = (corner / SIDES) * 2 * Math.PI;
          const [c, s] = [Math.cos(turn), Math.sin(turn)];
          vertices.push(x, y, z, c * side[0], c * side[1], s, along[at]!, radius, kind, number);
        }
      });
      for (let at = 0; at < places.length - 1; at += 1) {
        for (let corner = 0; corner < SIDES; corner += 1) {
          const a = first + at * SIDES + corner;
          const b = first + at * SIDES + ((corner + 1) % SIDES);
          indices.push(a, b, a + SIDES, b, b + SIDES, a + SIDES);
        }
      }
      const [x, y, z] = places[0]!;
      drops.push(x, y, z, x, y, 0);
    }
  });
  return {
    vertices: new Float32Array(vertices),
    indices: new Uint32Array(indices),
    drops: new Float32Array(drops),
  };
}
