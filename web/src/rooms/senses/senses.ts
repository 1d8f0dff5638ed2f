/** How old a reading is, and how a stream's course is asked for. */

export const SPANS = {
  hour: { ms: 3_600_000, window_s: 0 },
  day: { ms: 86_400_000, window_s: 0 },
  week: { ms: 7 * 86_400_000, window_s: 3_600 },
  month: { ms: 30 * 86_400_000, window_s: 3_600 },
  year: { ms: 365 * 86_400_000, window_s: 86_400 },
} as const;

export type SpanName = keyof typeof SPANS;

/** Whole hours, so that long spans are answered from hourly figures. */
export function askedFor(name: SpanName, now: number): { from: string; to: string; window_s: number } {
  const span = SPANS[name];
  const hour = 3_600_000;
  const start = now - span.ms;
  return {
    from: new Date(span.window_s ? Math.floor(start / hour) * hour : start).toISOString(),
    to: new Date(span.window_s ? Math.ceil(now / hour) * hour : now).toISOString(),
    window_s: span.window_s,
  };
}

/** Rows as CSV; a cell that a spreadsheet would run is made text. */
export function asCsv(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cell = (value: string | number | null): string => {
    const text = value == null ? "" : String(value);
    const plain = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}

/** What a thing's QR code leads to; a code that is not registered yet is offered there to be. */
export function thingAddress(origin: string, code: string): string {
  return `${origin}/senses/things/${encodeURIComponent(code)}`;
}

/** The code that a scanned text means: our address of a thing, the older one, or the bare code. */
export function scannedCode(text: string): string | null {
  const said = text.trim();
  const found = /\/senses\/(?:things\/|new\?(?:.*&)?code=)([^&/?#]+)/.exec(said)?.[1];
  let code = said;
  try {
    if (found) code = decodeURIComponent(found);
  } catch {
    return null;
  }
  return /^[A-Za-z0-9_-]{1,64}$/.test(code) ? code : null;
}

export type Health = "silent" | "fine" | "dead" | "stuck" | "drifting";
export type Look = Health | "maintained" | "partly";

/** How a thing is drawn: no two share a shape, so that none is told by colour alone. */
export const LOOKS: Record<Look, { shape: string; color: string; tone: "ok" | "late" | "warn" | "plain" | "brand" }> = {
  dead: { shape: "cross", color: "l1", tone: "late" },
  stuck: { shape: "square", color: "l2", tone: "warn" },
  drifting: { shape: "diamond", color: "warn-ink", tone: "warn" },
  silent: { shape: "triangle", color: "text-3", tone: "plain" },
  partly: { shape: "ring", color: "text-3", tone: "plain" },
  maintained: { shape: "star", color: "l4", tone: "brand" },
  fine: { shape: "circle", color: "ok", tone: "ok" },
};

/**
 * What a thing is shown as: what is being worked on counts as neither fine nor broken, and what has
 * spoken is not called silent while one of its streams has not, or was not checked since.
 */
export function lookOf(thing: { health: Health; maintained: boolean; last_at: string | null }): Look {
  if (thing.maintained) return "maintained";
  return thing.health === "silent" && thing.last_at ? "partly" : thing.health;
}

/** The middle of some places and a zoom that shows them all; null where none has a place. */
export function viewOf(
  rows: readonly { lon: number | null; lat: number | null }[],
): { lon: number; lat: number; zoom: number } | null {
  const placed = rows.filter((row) => row.lon !== null && row.lat !== null);
  if (!placed.length) return null;
  const lons = placed.map((row) => row.lon!);
  const lats = placed.map((row) => row.lat!);
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const wide = Math.max(east - west, north - south, 0.005);
  return { lon: (west + east) / 2, lat: (south + north) / 2, zoom: Math.max(7, Math.min(15, Math.log2(360 / wide) - 0.8)) };
}
