/** The figures of an address, and the list of cases that each of them stands for. */
export const FIGURES = ["total", "open", "closed", "recurring"] as const;
export type Figure = (typeof FIGURES)[number];
/** Days back from now. */
export const PERIODS = ["30", "90", "365", "all"] as const;
const DAY_MS = 86_400_000;

/** When a period began, at the full minute: asked again it is the same question. */
export function sinceOf(period: (typeof PERIODS)[number], now: number): string | null {
  if (period === "all") return null;
  const minute = Math.floor(now / 60_000) * 60_000;
  return new Date(minute - Number(period) * DAY_MS).toISOString();
}

const NARROWED: Record<Figure, Record<string, string>> = {
  total: {},
  open: { open: "true" },
  closed: { open: "false" },
  recurring: { recurring: "true" },
};

/** The desk's query for one figure; null: cases of all kinds. */
export function casesOf(address: string, kind: string | null, figure: Figure, since: string | null): Record<string, string> {
  return {
    queue: "all",
    sort: "-reported",
    address,
    ...(kind ? { kind } : {}),
    ...(since ? { since } : {}),
    ...NARROWED[figure],
  };
}
