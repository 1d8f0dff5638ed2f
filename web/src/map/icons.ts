/** Marks for points, drawn here as distance fields, so that a layer can colour them. */
import type { Map as LibreMap } from "maplibre-gl";
import { SYMBOLS } from "./look";

const SIDE = 32;
/** Half the mark's width in pixels, and how the library reads a distance field. */
const REACH = 10;
const EDGE = 191;
const STEP = 255 / 8;

type Distance = (x: number, y: number) => number;

function polygon(points: readonly (readonly [number, number])[]): Distance {
  return (x, y) => {
    let nearest = Infinity;
    let inside = false;
    for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
      const [ax, ay] = points[i]!;
      const [bx, by] = points[j]!;
      const [wx, wy, ex, ey] = [x - ax, y - ay, bx - ax, by - ay];
      const along = Math.max(0, Math.min(1, (wx * ex + wy * ey) / (ex * ex + ey * ey)));
      nearest = Math.min(nearest, Math.hypot(wx - ex * along, wy - ey * along));
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
    return inside ? -nearest : nearest;
  };
}

/** Corners of each mark in a square of -1..1, y down; legends draw the same ones. */
export const CORNERS: Record<string, readonly (readonly [number, number])[]> = {
  square: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
  triangle: [[0, -1], [1, 0.85], [-1, 0.85]],
  diamond: [[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]],
  cross: [
    [-1, -0.55], [-0.55, -1], [0, -0.45], [0.55, -1], [1, -0.55], [0.45, 0],
    [1, 0.55], [0.55, 1], [0, 0.45], [-0.55, 1], [-1, 0.55], [-0.45, 0],
  ],
  star: Array.from({ length: 10 }, (_one, at) => {
    const far = at % 2 ? 0.5 : 1.15;
    const turn = (at * Math.PI) / 5 - Math.PI / 2;
    return [Math.cos(turn) * far, Math.sin(turn) * far] as const;
  }),
};

function field(distance: Distance): Uint8Array {
  const data = new Uint8Array(SIDE * SIDE * 4);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const x = column + 0.5 - SIDE / 2;
      const y = row + 0.5 - SIDE / 2;
      const far = distance(x / REACH, y / REACH) * REACH;
      data[(row * SIDE + column) * 4 + 3] = Math.max(0, Math.min(255, Math.round(EDGE - far * STEP)));
    }
  }
  return data;
}

const round: Distance = (x, y) => Math.hypot(x, y) - 1;
const ring: Distance = (x, y) => Math.abs(Math.hypot(x, y) - 0.75) - 0.25;

/** Give a map the marks, unless it has them. */
export function addIcons(map: LibreMap): void {
  for (const name of [...SYMBOLS, "circle", "ring"]) {
    if (map.hasImage(`cy-${name}`)) continue;
    const distance = CORNERS[name] ? polygon(CORNERS[name]) : name === "ring" ? ring : round;
    map.addImage(`cy-${name}`, { width: SIDE, height: SIDE, data: field(distance) }, { sdf: true });
  }
}
