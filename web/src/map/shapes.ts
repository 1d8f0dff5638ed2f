/** Outlines as plain SVG paths: for boards and for paper, where no map library draws. */
export interface Frame {
  /** Height in units of the width. */
  width: number;
  height: number;
  x(lon: number): number;
  y(lat: number): number;
}

type Ring = GeoJSON.Position[];

function rings(shape: GeoJSON.Geometry): Ring[] {
  if (shape.type === "Polygon") return shape.coordinates;
  return shape.type === "MultiPolygon" ? shape.coordinates.flat() : [];
}

/** A frame around shapes, `width` units wide and at most `tallest` high, with a margin. */
export function frameOf(shapes: readonly GeoJSON.Geometry[], width: number, tallest = Infinity): Frame {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of shapes.flatMap(rings)) {
    for (const [lon, lat] of ring as [number, number][]) {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  }
  if (west > east) [west, south, east, north] = [0, 0, 1, 1];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const across = Math.max(1e-9, (east - west) * squeeze);
  const up = Math.max(1e-9, north - south);
  const margin = width * 0.02;
  const scale = Math.min((width - 2 * margin) / across, (tallest - 2 * margin) / up);
  const height = up * scale + 2 * margin;
  const left = (width - across * scale) / 2;
  return {
    width,
    height,
    x: (lon) => left + (lon - west) * squeeze * scale,
    y: (lat) => margin + (north - lat) * scale,
  };
}

/** The path of a shape inside a frame. */
export function pathOf(shape: GeoJSON.Geometry, frame: Frame): string {
  return rings(shape)
    .map((ring) => {
      const points = (ring as [number, number][]).map(
        ([lon, lat]) => `${frame.x(lon).toFixed(1)} ${frame.y(lat).toFixed(1)}`,
      );
      return `M${points.join("L")}Z`;
    })
    .join("");
}

/** The middle of a shape's largest ring's box, where its name stands. */
export function middleOf(shape: GeoJSON.Geometry): [number, number] | null {
  const largest = rings(shape).reduce<Ring>((a, b) => (b.length > a.length ? b : a), []);
  if (!largest.length) return null;
  const xs = largest.map((p) => p[0] as number);
  const ys = largest.map((p) => p[1] as number);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

/** How wide a shape's largest ring is drawn, in units of the frame. */
export function widthOf(shape: GeoJSON.Geometry, frame: Frame): number {
  const largest = rings(shape).reduce<Ring>((a, b) => (b.length > a.length ? b : a), []);
  if (!largest.length) return 0;
  const xs = largest.map((p) => frame.x(p[0] as number));
  return Math.max(...xs) - Math.min(...xs);
}

/** Four steps of a share; null (unknown) has a step of its own. */
export function stepOf(share: number | null): 0 | 1 | 2 | 3 | null {
  if (share === null) return null;
  if (share <= 0) return 0;
  return share < 0.1 ? 1 : share < 0.3 ? 2 : 3;
}
