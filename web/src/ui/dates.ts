/** Days as YYYY-MM-DD and times as HH:MM in the city's zone, and instants made of both. */
const ZONE = "Asia/Shanghai";
// The zone keeps no summer time.
const OFFSET = "+08:00";
const SHAPE = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})$/;

const two = (n: number): string => String(n).padStart(2, "0");
const utc = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** The day somebody typed, null when there is no such day. */
export function dayTyped(text: string): string | null {
  const found = SHAPE.exec(text.trim());
  if (!found) return null;
  const day = `${found[1]}-${two(Number(found[2]))}-${two(Number(found[3]))}`;
  const real = utc(day);
  return !Number.isNaN(real.getTime()) && real.toISOString().slice(0, 10) === day ? day : null;
}

/** The time of day somebody typed (8, 830, 8:30), null when there is no such time. */
export function timeTyped(text: string): string | null {
  const found = /^(\d{1,2})(?:[:\uff1a.]?(\d{2}))?$/.exec(text.trim());
  if (!found) return null;
  const [hour, minute] = [Number(found[1]), Number(found[2] ?? 0)];
  return hour < 24 && minute < 60 ? `${two(hour)}:${two(minute)}` : null;
}

export function dayAfter(day: string, days: number): string {
  const at = utc(day);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The same day of another month, or its last. */
export function monthAfter(day: string, months: number): string {
  const at = utc(`${day.slice(0, 7)}-01`);
  at.setUTCMonth(at.getUTCMonth() + months + 1, 0);
  const last = at.getUTCDate();
  return `${at.toISOString().slice(0, 8)}${two(Math.min(last, Number(day.slice(8))))}`;
}

/** The Monday on or before a day. */
export function mondayOf(day: string): string {
  return dayAfter(day, -((utc(day).getUTCDay() + 6) % 7));
}

/** Six weeks from the Monday before the first of a day's month. */
export function monthPage(day: string): string[] {
  const first = mondayOf(`${day.slice(0, 7)}-01`);
  return Array.from({ length: 42 }, (_none, index) => dayAfter(first, index));
}

export function dayOf(at: string | number | Date): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return parts.format(new Date(at));
}

export function timeOf(at: string | number | Date): string {
  const parts = { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return new Intl.DateTimeFormat("en-GB", parts).format(new Date(at));
}

/** The instant of a day and time, for the server. */
export function instant(day: string, time = "00:00"): string {
  return `${day}T${time}:00${OFFSET}`;
}

/** A day in words, in the page's language. */
export function dayInWords(
  day: string,
  locale: string,
  how: Intl.DateTimeFormatOptions = { year: "numeric", month: "long", day: "numeric" },
): string {
  return new Intl.DateTimeFormat(locale, { ...how, timeZone: "UTC" }).format(utc(day));
}
