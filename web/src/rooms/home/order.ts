/** In which order tasks are walked: what is late or due first, then always the nearest next. */
export interface Stop {
  lon?: number | null;
  lat?: number | null;
  clock: string;
}

export interface Spot {
  lon: number;
  lat: number;
}

const METRES_PER_DEGREE = 111_320;

/** Metres between two places, good within a city. */
export function metres(one: Spot, other: Spot): number {
  const scale = Math.cos((((one.lat + other.lat) / 2) * Math.PI) / 180);
  const east = (one.lon - other.lon) * scale * METRES_PER_DEGREE;
  const north = (one.lat - other.lat) * METRES_PER_DEGREE;
  return Math.hypot(east, north);
}

function spot(stop: Stop): Spot | null {
  return stop.lon != null && stop.lat != null ? { lon: stop.lon, lat: stop.lat } : null;
}

/** Classes of hurry: late, about to be, the rest; inside each the nearest next from `from`. */
export function walked<S extends Stop>(stops: readonly S[], from: Spot | null): S[] {
  const hurry = (stop: S): number => (stop.clock === "red" ? 0 : stop.clock === "yellow" ? 1 : 2);
  const found: S[] = [];
  let at = from;
  for (const rank of [0, 1, 2]) {
    const left = stops.filter((stop) => hurry(stop) === rank);
    while (left.length) {
      const index = at ? nearest(left, at) : 0;
      const next = left.splice(index, 1)[0] as S;
      found.push(next);
      if (at) at = spot(next) ?? at;
    }
  }
  return found;
}

function nearest(stops: readonly Stop[], from: Spot): number {
  let best = 0;
  let least = Infinity;
  stops.forEach((stop, index) => {
    const place = spot(stop);
    const far = place ? metres(from, place) : Infinity;
    if (far < least) [best, least] = [index, far];
  });
  return best;
}
