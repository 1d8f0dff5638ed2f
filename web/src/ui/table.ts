/** Columns of a table, and its rows in the order asked for. */
export type Cell = string | number | boolean | null | undefined;

export interface Column<Row> {
  key: string;
  label: string;
  /** What the cell says and the column sorts by; without it the column is not sorted. */
  value?: (row: Row) => Cell;
  /** Numbers stand to the right. */
  number?: boolean;
  /** As narrow as its words. */
  narrow?: boolean;
  /** Words of some length: never squeezed to a few characters a line. */
  roomy?: boolean;
}

export interface Order {
  key: string;
  down: boolean;
}

/** Rows by one column; equal ones keep their order, empty cells come last either way. */
export function ordered<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: Order | null,
  locale: string,
): Row[] {
  const value = columns.find((one) => one.key === order?.key)?.value;
  if (!order || !value) return [...rows];
  const words = new Intl.Collator(locale, { numeric: true });
  const sign = order.down ? -1 : 1;
  return [...rows].sort((one, other) => {
    const a = value(one);
    const b = value(other);
    const none = (cell: Cell): boolean => cell == null || cell === "";
    if (none(a) || none(b)) return Number(none(a)) - Number(none(b));
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * words.compare(String(a), String(b));
  });
}

/** The order after a press on a column's head: up, down, as it came. */
export function pressed(order: Order | null, key: string): Order | null {
  if (order?.key !== key) return { key, down: false };
  return order.down ? null : { key, down: true };
}
