/**
 * Which places of the bar stand in it, by index, when `room` px are there; the rest go into a menu
 * as wide as `more`. The active one always stands.
 */
export function fitting(widths: number[], room: number, more: number, active: number): number[] {
  const all = widths.map((_width, index) => index);
  if (widths.reduce((sum, width) => sum + width, 0) <= room) return all;
  let left = room - more - (widths[active] ?? 0);
  let full = false;
  return all.filter((index) => {
    if (index === active) return true;
    full ||= widths[index]! > left;
    if (!full) left -= widths[index]!;
    return !full;
  });
}
