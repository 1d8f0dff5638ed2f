/** Which pipe is under a point of the screen: the library knows nothing of what we draw ourselves. */
import type { Pipe, PipeKind } from "./solid";
import { placed, type Frame } from "./solidTubes";

/** Column-major 4 × 4, from metres to clip space. */
export type Matrix = ArrayLike<number>;

interface Seen {
  x: number;
  y: number;
  w: number;
}

function seen(m: Matrix, x: number, y: number, z: number, width: number, height: number): Seen {
  const part = (row: number): number => m[row]! * x + m[row + 4]! * y + m[row + 8]! * z + m[row + 12]!;
  const w = part(3);
  return { x: ((part(0) / w + 1) / 2) * width, y: ((1 - part(1) / w) / 2) * height, w };
}

/** How far a point is from a line between two others. */
export function apart(x: number, y: number, a: Seen, b: Seen): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const share = Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - a.x - share * dx, y - a.y - share * dy);
}

export interface Shot {
  matrix: Matrix;
  frame: Frame;
  /** How many times deeper than true the pipes are drawn. */
  deeper: number;
  width: number;
  height: number;
}

/** The pipe nearest to a point, within some pixels; of equals the upper one. */
export function pipeAt(
  pipes: readonly Pipe[],
  kinds: ReadonlySet<PipeKind>,
  shot: Shot,
  [x, y]: [number, number],
  within = 9,
): Pipe | null {
  let best: { pipe: Pipe; far: number } | null = null;
  for (const pipe of pipes) {
    if (!kinds.has(pipe.kind)) continue;
    for (const line of pipe.lines) {
      const { places } = placed(pipe, line, shot.frame);
      let last: Seen | null = null;
      for (const [east, north, up] of places) {
        const now = seen(shot.matrix, east, north, up * shot.deeper, shot.width, shot.height);
        if (last && last.w > 0 && now.w > 0) {
          const far = apart(x, y, last, now);
          const nearer = !best || far < best.far - 1 || (far < best.far + 1 && pipe.depth < best.pipe.depth);
          if (far <= within && nearer) best = { pipe, far };
        }
        last = now;
      }
    }
  }
  return best?.pipe ?? null;
}
