/** Which of the listed cases is to be looked at first. */
interface Listed {
  level?: number | null;
  clock: string;
  due_at?: string | null;
}

/** Overdue before the others, then by level (1 is the gravest), then by deadline. */
export function mostPressing<R extends Listed>(rows: readonly R[]): R | null {
  const rank = (one: R): [number, number, number] => [
    one.clock === "red" ? 0 : 1,
    one.level ?? 9,
    one.due_at ? Date.parse(one.due_at) : Number.MAX_SAFE_INTEGER,
  ];
  const before = (one: R, other: R): boolean => {
    const [a, b] = [rank(one), rank(other)];
    const at = a.findIndex((value, index) => value !== b[index]);
    return at >= 0 && a[at]! < b[at]!;
  };
  return rows.reduce<R | null>((best, one) => (best && !before(one, best) ? best : one), null);
}
