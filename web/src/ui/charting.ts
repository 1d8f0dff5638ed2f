/** The arithmetic of a chart of readings over time. Pure: no page, no clock. */

export interface Point {
  /** Milliseconds since 1970. */
  at: number;
  value: number;
}

export interface Frame {
  from: number;
  to: number;
  low: number;
  high: number;
  width: number;
  height: number;
}

/** The frame that holds all of these, with a little air above and below. */
export function frameOf(
  points: readonly Point[],
  lines: readonly number[],
  span: { from: number; to: number },
  size: { width: number; height: number },
): Frame {
  const values = [...points.map((one) => one.value), ...lines].filter(Number.isFinite);
  let low = values.length ? Math.min(...values) : 0;
  let high = values.length ? Math.max(...values) : 1;
  if (low === high) [low, high] = [low - 1, high + 1];
  const air = (high - low) * 0.08;
  return { ...span, ...size, low: low - air, high: high + air };
}

export function xOf(frame: Frame, at: number): number {
  return ((at - frame.from) / Math.max(1, frame.to - frame.from)) * frame.width;
}

export function yOf(frame: Frame, value: number): number {
  return frame.height - ((value - frame.low) / (frame.high - frame.low)) * frame.height;
}

/** A path through the points in order of time; where longer than `gap` ms nothing came, a gap. */
export function pathOf(frame: Frame, points: readonly Point[], gap: number): string {
  let last: number | null = null;
  return points
    .map((one) => {
      const step = last === null || one.at - last > gap ? "M" : "L";
      last = one.at;
      return `${step}${xOf(frame, one.at).toFixed(1)} ${yOf(frame, one.value).toFixed(1)}`;
    })
    .join("");
}

/** The outline of a band, one piece between gaps: along its tops and back along its feet. */
export function bandOf(frame: Frame, band: readonly { at: number; low: number; high: number }[], gap: number): string {
  const pieces: { at: number; low: number; high: number }[][] = [];
  for (const one of band) {
    const last = pieces.at(-1)?.at(-1);
    if (!last || one.at - last.at > gap) pieces.push([one]);
    else pieces.at(-1)!.push(one);
  }
  const spot = (at: number, value: number): string => `${xOf(frame, at).toFixed(1)} ${yOf(frame, value).toFixed(1)}`;
  return pieces
    .map((piece) => {
      const tops = piece.map((one) => spot(one.at, one.high));
      const feet = [...piece].reverse().map((one) => spot(one.at, one.low));
      return `M${[...tops, ...feet].join("L")}Z`;
    })
    .join("");
}

/** Round numbers between two, about as many as asked. */
export function ticks(low: number, high: number, wanted: number): number[] {
  const rough = (high - low) / Math.max(1, wanted);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step) {
    found.push(Number(at.toPrecision(12)));
  }
  return found;
}

/** At most `most` points: of each stretch the lowest and the highest, so that no peak is lost. */
export function thinned(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const size = Math.ceil(points.length / (most / 2));
  const found: Point[] = [];
  for (let start = 0; start < points.length; start += size) {
    const part = points.slice(start, start + size);
    const low = part.reduce((one, other) => (other.value < one.value ? other : one));
    const high = part.reduce((one, other) => (other.value > one.value ? other : one));
    found.push(...(low === high ? [low] : low.at < high.at ? [low, high] : [high, low]));
  }
  return found;
}
