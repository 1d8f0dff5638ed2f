/** The areas of the city, loaded when somebody looks for one; communities street by street. */
import { useQuery } from "@tanstack/vue-query";
import { computed, ref, type ComputedRef } from "vue";
import { api, ask, type Schemas } from "./client";

export type Area = Pick<Schemas["RegionOut"], "no" | "code" | "name" | "level">;

/** An area with what lies below it, as far as it is loaded. */
export interface Branch {
  area: Area;
  below: Branch[];
  /** Has parts that are not loaded yet. */
  more: boolean;
}

/** How many bits of an area number each level takes from the top, as the server packs it. */
const SHIFTS = [48n, 38n, 26n, 14n];

/** The number of the area around another one, of a level counted from the city (0). */
export function around(no: number, depth: number): number {
  const shift = SHIFTS[depth]!;
  return Number((BigInt(no) >> shift) << shift);
}

export async function regions(query: { level?: string; parent?: number; q?: string }): Promise<Area[]> {
  return (await ask(api.GET("/api/v1/regions", { params: { query } }))).items;
}

export function useAreas(): {
  tree: ComputedRef<Branch[]>;
  find: (key: { code?: string | null; no?: number }) => Area | undefined;
  load: (parent: number) => Promise<void>;
  pending: ComputedRef<boolean>;
} {
  const found = useQuery({
    queryKey: ["areas"],
    queryFn: () => Promise.all(["city", "district", "street"].map((level) => regions({ level }))),
    staleTime: 600_000,
  });
  const parts = ref(new Map<number, Area[]>());

  async function load(parent: number): Promise<void> {
    if (parts.value.has(parent)) return;
    const below = await regions({ level: "community", parent });
    parts.value = new Map(parts.value).set(parent, below);
  }

  const tree = computed<Branch[]>(() => {
    const [cities = [], districts = [], streets = []] = found.data.value ?? [];
    const leaf = (area: Area): Branch => ({ area, below: [], more: false });
    const inside = (all: Area[], no: number, depth: number): Area[] =>
      all.filter((one) => around(one.no, depth) === no);
    return cities.map((city) => ({
      area: city,
      more: false,
      below: inside(districts, city.no, 0).map((district) => ({
        area: district,
        more: false,
        below: inside(streets, district.no, 1).map((street) => {
          const below = parts.value.get(street.no);
          return { area: street, more: !below, below: (below ?? []).map(leaf) };
        }),
      })),
    }));
  });

  function find(key: { code?: string | null; no?: number }): Area | undefined {
    const all = [...(found.data.value ?? []).flat(), ...[...parts.value.values()].flat()];
    return all.find((one) => (key.code ? one.code === key.code : one.no === key.no));
  }

  return { tree, find, load, pending: computed(() => found.isPending.value) };
}
