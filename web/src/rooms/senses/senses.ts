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

/** A span somebody chose: single readings up to two days, whole hours before that. */
export function askedBetween(from: number, to: number): { from: string; to: string; window_s: number } {
  const hour = 3_600_000;
  const long = to - from > 48 * hour;
  const days = to - from > 180 * 24 * hour;
  return {
    from: new Date(long ? Math.floor(from / hour) * hour : from).toISOString(),
    to: new Date(long ? Math.ceil(to / hour) * hour : to).toISOString(),
    window_s: days ? 86_400 : long ? 3_600 : 0,
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
