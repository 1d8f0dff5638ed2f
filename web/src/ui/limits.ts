/** A limit such as "4 WH" in words: hours and days are not all alike. */
export function limitParts(limit: string): { n: number; unit: string } | null {
  const found = /^(\d+)\s*(UH|WH|WD|ND)$/.exec(limit.trim());
  return found ? { n: Number(found[1]), unit: found[2]! } : null;
}
