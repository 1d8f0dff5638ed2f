/** Shifts from the server. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, ask, type Schemas } from "@/api/client";
import { dayAfter, instant } from "@/ui/dates";

export type Shift = Schemas["ShiftOut"];
export type Matter = Schemas["MatterOut"];
export const RUN_POSTS = ["shift_leader", "leader", "department"];

export interface Desk {
  organisation: string;
  post: string;
}

export async function shifts(query: Record<string, unknown>): Promise<Shift[]> {
  const found: Shift[] = [];
  let cursor = "";
  do {
    const page = await ask(
      api.GET("/api/v1/shifts", { params: { query: { ...query, cursor, limit: 200 } as never } }),
    );
    found.push(...page.items);
    cursor = page.next ?? "";
  } while (cursor && found.length < 2000);
  return found;
}

export function useWeek(desk: Ref<Desk>, monday: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["shifts", "week", desk.value, monday.value]),
    enabled: computed(() => desk.value.organisation !== ""),
    queryFn: () =>
      shifts({
        ...desk.value,
        since: instant(monday.value),
        until: instant(dayAfter(monday.value, 7)),
      }),
  });
}

export function usePeople(desk: Ref<Desk>) {
  return useQuery({
    queryKey: computed(() => ["shifts", "people", desk.value]),
    enabled: computed(() => desk.value.organisation !== ""),
    queryFn: async () =>
      (await ask(api.GET("/api/v1/shifts/people", { params: { query: desk.value } }))).items,
  });
}

/** Shifts that run now, hand-overs nobody accepted, and what comes within a day. */
export function useNow(desk: Ref<Desk>) {
  return useQuery({
    queryKey: computed(() => ["shifts", "now", desk.value]),
    enabled: computed(() => desk.value.organisation !== ""),
    queryFn: async () => {
      const now = Date.now();
      const iso = (hoursOn: number): string => new Date(now + hoursOn * 3_600_000).toISOString();
      const [near, open] = await Promise.all([
        shifts({ ...desk.value, since: iso(-36), until: iso(24) }),
        shifts({ ...desk.value, handover: "open" }),
      ]);
      return { near, open };
    },
  });
}

export type CaseRow = Schemas["CaseRowOut"];

/** Cases the next shift must look at first: overdue, supervised, suspended. */
export async function openMatters(): Promise<Matter[]> {
  const ask_ = async (query: Record<string, unknown>): Promise<CaseRow[]> =>
    (await ask(api.GET("/api/v1/cases", { params: { query: { queue: "all", limit: 50, ...query } as never } })))
      .items;
  const [late, soon, suspended] = await Promise.all([
    ask_({ overdue: true }),
    ask_({ open: true, sort: "due" }),
    ask_({ state: "suspended" }),
  ]);
  const found = new Map<string, Matter>();
  const add = (row: CaseRow, why: string): void => {
    if (!found.has(row.id)) found.set(row.id, { case: row.id, no: row.no, why, note: "" });
  };
  late.forEach((row) => add(row, "overdue"));
  soon.filter((row) => row.supervised > 0).forEach((row) => add(row, "supervised"));
  suspended.forEach((row) => add(row, "suspended"));
  return [...found.values()];
}

export const once = (): { "Idempotency-Key": string } => ({ "Idempotency-Key": crypto.randomUUID() });
