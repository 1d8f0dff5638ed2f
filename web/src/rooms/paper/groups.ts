/** Lines of a list under the heads they are looked for by. */
export interface Group<Row> {
  name: string;
  rows: Row[];
}

/** Groups in the order of their first row, so that the most urgent group leads; `other` is last. */
export function grouped<Row>(
  rows: readonly Row[],
  nameOf: (row: Row) => string | null,
  other: string,
): Group<Row>[] {
  const found = new Map<string, Row[]>();
  const rest: Row[] = [];
  for (const row of rows) {
    const name = nameOf(row);
    if (name === null) rest.push(row);
    else if (found.has(name)) found.get(name)!.push(row);
    else found.set(name, [row]);
  }
  const groups = [...found].map(([name, some]) => ({ name, rows: some }));
  return rest.length ? [...groups, { name: other, rows: rest }] : groups;
}

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** Numbers for blank forms: day, four drawn letters, and a count; `drawn` is four numbers below 32. */
export function paperNumbers(day: string, drawn: readonly number[], count: number): string[] {
  const mark = drawn.map((one) => LETTERS[one % LETTERS.length]).join("");
  return Array.from({ length: count }, (_, index) => `P${day}-${mark}-${String(index + 1).padStart(2, "0")}`);
}

/** A time as it is typed from paper, in Shanghai's clock, as ISO 8601; null when it is none. */
export function typedTime(text: string): string | null {
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2})[:：](\d{2})$/.exec(text.trim());
  if (!found) return null;
  const [year, month, day, hour, minute] = found.slice(1).map((part) => part.padStart(2, "0"));
  const iso = `${year}-${month}-${day}T${hour}:${minute}:00+08:00`;
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return null;
  // The 31st of June is no day, though some parsers make one of it.
  const back = new Date(at.getTime() + 8 * 3_600_000).toISOString();
  return back.startsWith(`${year}-${month}-${day}T${hour}:${minute}`) ? iso : null;
}
