/** A line or a ring being measured: points are added, taken back, and what they enclose is said. */
import { computed, ref } from "vue";
import { area, length, type Point } from "@/map/measure";

export type Kind = "distance" | "area";

export function shapeOf(kind: Kind, points: readonly Point[]): GeoJSON.FeatureCollection {
  const feature = (geometry: GeoJSON.Geometry): GeoJSON.Feature => ({ type: "Feature", properties: {}, geometry });
  const features = points.map((one) => feature({ type: "Point", coordinates: [...one] }));
  if (points.length > 1) {
    features.unshift(
      kind === "area" && points.length > 2
        ? feature({ type: "Polygon", coordinates: [[...points, points[0]!].map((one) => [...one])] })
        : feature({ type: "LineString", coordinates: points.map((one) => [...one]) }),
    );
  }
  return { type: "FeatureCollection", features };
}

export function useMeasuring() {
  const kind = ref<Kind | null>(null);
  const points = ref<Point[]>([]);
  return {
    kind,
    points,
    shape: computed(() => (kind.value ? shapeOf(kind.value, points.value) : null)),
    metres: computed(() => length(kind.value === "area" && points.value.length > 2 ? [...points.value, points.value[0]!] : points.value)),
    squareMetres: computed(() => area(points.value)),
    start(wanted: Kind): void {
      kind.value = kind.value === wanted ? null : wanted;
      points.value = [];
    },
    add(lon: number, lat: number): void {
      points.value = [...points.value, [lon, lat]];
    },
    undo(): void {
      points.value = points.value.slice(0, -1);
    },
    end(): void {
      kind.value = null;
      points.value = [];
    },
  };
}
