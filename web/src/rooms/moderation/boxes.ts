/** Boxes over a photo, in shares of its sides; pure. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const STEP = 0.02;
const LEAST = 0.01;

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** The box between two points, whichever way it was drawn. */
export function between(x1: number, y1: number, x2: number, y2: number): Box {
  const x = within(Math.min(x1, x2), 0, 1 - LEAST);
  const y = within(Math.min(y1, y2), 0, 1 - LEAST);
  return {
    x,
    y,
    width: within(Math.max(x1, x2), x + LEAST, 1) - x,
    height: within(Math.max(y1, y2), y + LEAST, 1) - y,
  };
}

export function moved(box: Box, dx: number, dy: number): Box {
  return {
    ...box,
    x: within(box.x + dx, 0, 1 - box.width),
    y: within(box.y + dy, 0, 1 - box.height),
  };
}

export function resized(box: Box, dx: number, dy: number): Box {
  return {
    ...box,
    width: within(box.width + dx, LEAST, 1 - box.x),
    height: within(box.height + dy, LEAST, 1 - box.y),
  };
}
