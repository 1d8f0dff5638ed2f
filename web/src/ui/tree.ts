/** A tree as the lines one sees of it. */
export interface Leaf {
  id: string;
  label: string;
  /** A word or two beside the name. */
  note?: string;
  children?: readonly Leaf[];
  /** Has children that are not loaded yet. */
  more?: boolean;
}

export interface Line {
  leaf: Leaf;
  level: number;
  size: number;
  place: number;
  above: string | null;
  opens: boolean;
}

/** The lines of a tree whose open nodes are given, from the top. */
export function lines(
  leaves: readonly Leaf[],
  open: ReadonlySet<string>,
  level = 1,
  above: string | null = null,
): Line[] {
  return leaves.flatMap((leaf, index) => {
    const opens = Boolean(leaf.children?.length || leaf.more);
    const own = { leaf, level, size: leaves.length, place: index + 1, above, opens };
    if (!opens || !open.has(leaf.id)) return [own];
    return [own, ...lines(leaf.children ?? [], open, level + 1, leaf.id)];
  });
}

/** Items that name their parent, as a tree; whose parent is not among them stands at the top. */
export function grown<T extends { id: string; parent: string | null }>(
  items: readonly T[],
  leafOf: (item: T) => Leaf,
): Leaf[] {
  const known = new Set(items.map((one) => one.id));
  const below = new Map<string | null, T[]>();
  for (const one of items) {
    const above = one.parent && known.has(one.parent) ? one.parent : null;
    below.set(above, [...(below.get(above) ?? []), one]);
  }
  const grow = (above: string | null): Leaf[] =>
    (below.get(above) ?? []).map((one) => ({ ...leafOf(one), children: grow(one.id) }));
  return grow(null);
}

/** What is left of a tree when only names with all typed words, and what is above them, stay. */
export function sifted(leaves: readonly Leaf[], typed: string): Leaf[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [...leaves];
  return leaves.flatMap((leaf) => {
    const text = `${leaf.label} ${leaf.note ?? ""}`.toLowerCase();
    if (words.every((word) => text.includes(word))) return [leaf];
    const below = sifted(leaf.children ?? [], typed);
    return below.length ? [{ ...leaf, children: below }] : [];
  });
}
