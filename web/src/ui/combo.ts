/** Finding one choice among many by what is typed. */
export interface Option {
  value: string;
  label: string;
  group?: string;
}

/** Choices that hold every typed word, those that begin with it first. */
export function matching(options: readonly Option[], typed: string): Option[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [...options];
  const hits = options.filter((one) => {
    const text = `${one.label} ${one.group ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const starts = (one: Option): number => (one.label.toLowerCase().startsWith(words[0]!) ? 0 : 1);
  return hits.sort((a, b) => starts(a) - starts(b));
}
