/** Any features as plain SVG paths in one frame: for a look, without the map library. */
export interface Sketch {
  width: number;
  height: number;
  areas: string;
  lines: string;
  points: { x: number; y: number }[];
}

const WIDTH = 480;
const TALLEST = 320;
const MARGIN = 8;

function each(shape: GeoJSON.Geometry, take: (at: GeoJSON.Position) => void): void {
  if (shape.type === "GeometryCollection") return;
  const walk = (one: unknown): void => {
    if (!Array.isArray(one)) return;
    if (typeof one[0] === "number") take(one as GeoJSON.Position);
    else one.forEach(walk);
  };
  walk(shape.coordinates);
}

export function sketch(shapes: readonly GeoJSON.Geometry[]): Sketch | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const shape of shapes) {
    each(shape, ([lon = 0, lat = 0]) => {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    });
  }
  if (west > east) return null;
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const across = Math.max(1e-6, (east - west) * squeeze);
  const up = Math.max(1e-6, north - south);
  const scale = Math.min((WIDTH - 2 * MARGIN) / across, (TALLEST - 2 * MARGIN) / up);
  const height = Math.round(up * scale + 2 * MARGIN);
  const left = (WIDTH - across * scale) / 2;
  const x = (lon: number): number => Math.round((left + (lon - west) * squeeze * scale) * 10) / 10;
  const y = (lat: number): number => Math.round((MARGIN + (north - lat) * scale) * 10) / 10;
  const way = (line: GeoJSON.Position[]): string =>
    `M${line.map(([lon = 0, lat = 0]) => `${x(lon)} ${y(lat)}`).join("L")}`;
  const out: Sketch = { width: WIDTH, height, areas: "", lines: "", points: [] };
  for (const shape of shapes) {
    if (shape.type === "Polygon") out.areas += shape.coordinates.map((r) => `${way(r)}Z`).join("");
    else if (shape.type === "MultiPolygon")
      out.areas += shape.coordinates.flat().map((r) => `${way(r)}Z`).join("");
    else if (shape.type === "LineString") out.lines += way(shape.coordinates);
    else if (shape.type === "MultiLineString") out.lines += shape.coordinates.map(way).join("");
    else each(shape, ([lon = 0, lat = 0]) => out.points.push({ x: x(lon), y: y(lat) }));
  }
  return out;
}
