/** Attributes of an entity as lines of a form, and back. */
export const ENTITY_KINDS = ["house", "unit", "facility", "device", "video", "population"] as const;

export interface Pair {
  name: string;
  value: string;
}

export function pairsOf(attributes: Record<string, unknown>): Pair[] {
  return Object.entries(attributes).map(([name, value]) => ({ name, value: String(value ?? "") }));
}

/** Numbers stay numbers where their text is exactly theirs; codes with leading zeros stay texts. */
export function attributesOf(pairs: readonly Pair[]): Record<string, string | number | boolean> {
  const named = pairs.filter((pair) => pair.name.trim());
  return Object.fromEntries(named.map((pair) => [pair.name.trim(), valueOf(pair.value.trim())]));
}

function valueOf(said: string): string | number | boolean {
  if (said === "true" || said === "false") return said === "true";
  return said !== "" && String(Number(said)) === said && Number.isFinite(Number(said)) ? Number(said) : said;
}
