/** Organisations by tier: city, district, street or town, community; each under its area. */
import type { Organisation } from "@/api/organisations";
import type { BothLanguages } from "@/ui/words";
import type { Leaf } from "@/ui/tree";

const ORDER = ["city", "district", "street", "community"];

/** City organisations in one branch; those of smaller areas by level and then by area. */
export function tiers(
  rows: readonly Organisation[],
  leaf: (one: Organisation) => Leaf,
  level: (name: string) => string,
  say: (text: BothLanguages) => string,
): Leaf[] {
  return ORDER.flatMap((name) => {
    const here = rows.filter((one) => one.level === name);
    if (!here.length) return [];
    const areas = new Map<number, Organisation[]>();
    for (const one of here) areas.set(one.area.no, [...(areas.get(one.area.no) ?? []), one]);
    const children =
      areas.size === 1 && name === "city"
        ? here.map(leaf)
        : [...areas].map(([no, some]) => ({
            id: `area-${no}`,
            label: say(some[0]!.area.name) || String(no),
            note: some[0]!.area.code,
            children: some.map(leaf),
          }));
    return [{ id: `tier-${name}`, label: level(name), note: String(here.length), children }];
  });
}

export interface Lead {
  id: string;
  lead: { org?: string | null; role?: string | null; level?: string | null };
}

/** Entries whose lead names the organisation by code, or by a role it holds at its level. */
export function leads<E extends Lead>(entries: readonly E[], org: Organisation): E[] {
  return entries.filter(({ lead }) =>
    lead.org ? lead.org === org.code : org.roles.includes(lead.role ?? "") && lead.level === org.level,
  );
}
