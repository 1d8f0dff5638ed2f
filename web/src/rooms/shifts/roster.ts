/** A week's roster: people by days, with their shifts. */
import { dayAfter, dayOf, instant, timeOf } from "@/ui/dates";

export interface Member {
  id: string;
  name: string;
  on_at: string | null;
  off_at: string | null;
}

export interface Planned {
  id: string;
  starts_at: string;
  ends_at: string;
  members: Member[];
  handover: string;
}

export interface Line<S extends Planned> {
  id: string;
  name: string;
  /** Shifts by day of the week, Monday first. */
  days: S[][];
}

/** One line a person: whoever may be planned, and whoever is although they may no longer. */
export function grid<S extends Planned>(
  people: readonly { id: string; name: string }[],
  shifts: readonly S[],
  monday: string,
): Line<S>[] {
  const lines = new Map<string, Line<S>>();
  const line = (one: { id: string; name: string }): Line<S> => {
    const known = lines.get(one.id) ?? { id: one.id, name: one.name, days: week(monday).map(() => []) };
    lines.set(one.id, known);
    return known;
  };
  people.forEach(line);
  const days = week(monday);
  for (const shift of [...shifts].sort((a, b) => a.starts_at.localeCompare(b.starts_at))) {
    const at = days.indexOf(dayOf(shift.starts_at));
    if (at >= 0) for (const member of shift.members) line(member).days[at]!.push(shift);
  }
  return [...lines.values()];
}

export function week(monday: string): string[] {
  return Array.from({ length: 7 }, (_none, index) => dayAfter(monday, index));
}

/** Hours of a shift: an end not after the start is on the next day. */
export function span(day: string, from: string, to: string): { starts_at: string; ends_at: string } {
  return { starts_at: instant(day, from), ends_at: instant(to > from ? day : dayAfter(day, 1), to) };
}

export function hours(shift: { starts_at: string; ends_at: string }): string {
  return `${timeOf(shift.starts_at)}–${timeOf(shift.ends_at)}`;
}

/** Hours that this roster uses already, the most usual first. */
export function usual(shifts: readonly Planned[]): { from: string; to: string }[] {
  const found = new Map<string, number>();
  for (const one of shifts) found.set(hours(one), (found.get(hours(one)) ?? 0) + 1);
  return [...found]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 4)
    .map(([text]) => ({ from: text.slice(0, 5), to: text.slice(6) }));
}

/** Whether somebody would be in two places at once. */
export function overlaps(one: Planned, other: Planned): boolean {
  return (
    one.id !== other.id &&
    Date.parse(one.starts_at) < Date.parse(other.ends_at) &&
    Date.parse(other.starts_at) < Date.parse(one.ends_at)
  );
}
