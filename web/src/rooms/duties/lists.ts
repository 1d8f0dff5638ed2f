/** Duty lists from the server, and the words for their parts. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { useAreas } from "@/api/areas";
import { api, ask, type Schemas } from "@/api/client";
import { useOrganisations } from "@/api/organisations";
import { dayOf } from "@/ui/dates";
import { useWords } from "@/ui/words";
import type { Content, Hours, Target } from "./entries";

export type ListRow = Schemas["DutyListOut"];
export type ListDetail = Omit<Schemas["DutyListDetail"], "content"> & { content: Content };
export type Route = Schemas["RouteOut"];
export const LEVELS = ["community", "street", "district", "city"] as const;
export const EDIT_POSTS = ["dispatcher", "shift_leader", "leader"];
export const APPROVE_POSTS = ["leader"];
export const REPORT_POSTS = [...EDIT_POSTS, "evaluator", "acceptor"];

export function useLists() {
  return useQuery({
    queryKey: ["duty-lists"],
    queryFn: async () =>
      (await ask(api.GET("/api/v1/duty-lists", { params: { query: { limit: 200 } } }))).items,
  });
}

export async function loadList(id: string): Promise<ListDetail> {
  const params = { path: { list_id: id } };
  return (await ask(api.GET("/api/v1/duty-lists/{list_id}", { params }))) as unknown as ListDetail;
}

export function useList(id: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["duty-list", id.value]),
    queryFn: () => loadList(id.value),
    enabled: computed(() => id.value !== ""),
  });
}

export function useKinds() {
  return useQuery({
    queryKey: ["kinds"],
    queryFn: () => ask(api.GET("/api/v1/kinds")),
    staleTime: 600_000,
  });
}

export async function save(city: number, content: Content, base: string | null, key: string) {
  return ask(
    api.POST("/api/v1/duty-lists", {
      headers: { "Idempotency-Key": key },
      body: { city, content: content as never, base },
    }),
  );
}

/** A version's name for a new draft: the day, with a letter where the day is taken. */
export function freshVersion(rows: readonly ListRow[], name: string): string {
  const taken = new Set(rows.filter((one) => one.name === name).map((one) => one.version));
  const day = dayOf(Date.now());
  if (!taken.has(day)) return day;
  let n = 2;
  while (taken.has(`${day}.${n}`)) n += 1;
  return `${day}.${n}`;
}

/** What a version is called, who wrote it and on what it rests; a pack's own says so in words. */
export function useListWords() {
  const { t } = useWords();
  const packed = (one: ListRow | ListDetail): boolean =>
    !one.created_by_name || one.created_by_name === "system";
  return {
    name: (one: ListRow | ListDetail) =>
      packed(one) && one.name === "base" ? t("directory.duties.pack") : one.name,
    person: (name: string | null | undefined) =>
      !name || name === "system" ? t("directory.duties.packAuthor") : name,
    source: (one: ListDetail) =>
      packed(one) && one.name === "base" ? t("directory.duties.packSource") : one.source,
  };
}

/** Parts of an entry in words. */
export function useEntryWords() {
  const { t, te, say } = useWords();
  const areas = useAreas();
  const orgs = useOrganisations();
  const kinds = useKinds();
  const kindNames = computed(() => new Map((kinds.data.value ?? []).map((one) => [one.id, one.name])));
  const kindIds = computed(() => (kinds.data.value ?? []).map((one) => one.id));

  function role(id: string): string {
    return te(`directory.role.${id}`) ? t(`directory.role.${id}`) : id;
  }

  function target(one: Target): string {
    if (one.org) {
      const found = orgs.data.value?.find((each) => each.code === one.org);
      return found ? say(found.name) : one.org;
    }
    return `${role(one.role ?? "")} · ${t(`directory.level.${one.level ?? "city"}`)}`;
  }

  function area(code: string | null): string {
    if (!code) return t("directory.duties.anywhere");
    const found = areas.find({ code });
    return found ? `${say(found.name)} ${code}` : code;
  }

  function hours(when: Hours | null): string {
    if (!when) return t("directory.duties.always");
    const days = (when.weekdays ?? []).map((day) => t(`directory.weekday.${day}`)).join(t("directory.comma"));
    const span = when.from || when.to ? `${when.from ?? "00:00"}–${when.to ?? "24:00"}` : "";
    return [days, span].filter(Boolean).join(" ");
  }

  function where(given: Record<string, unknown[]>): string {
    return Object.entries(given)
      .map(([name, values]) => `${name} = ${values.map(String).join(" / ")}`)
      .join("; ");
  }

  function kind(id: string): string {
    const found = kindNames.value.get(id);
    return found ? say(found) : id;
  }

  return { role, target, area, hours, where, kind, kindIds, kinds, areas, orgs };
}
