/** What the pages of the evaluation share: the table, its figures, the months to choose from. */
import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, ask, type Schemas } from "@/api/client";
import { session } from "@/api/session";

export type Table = Schemas["TableOut"];
export type Row = Schemas["RowOut"];
export type By = Table["by"];
export type Level = Table["level"];

/** A figure somebody wants to see the cases of. */
export interface Figure {
  key: string;
  name: { zh: string; en: string };
  counter: string;
}

export interface Asked {
  period: string;
  by: By;
  level?: Level;
  area?: number;
}

const MONTHS = 18;

/** This month and those before it, newest first, by the city's clock. */
export function months(now = new Date()): string[] {
  const [year, month] = new Intl.DateTimeFormat("en-CA", {
    timeZone: "Asia/Shanghai",
    year: "numeric",
    month: "2-digit",
  })
    .format(now)
    .split("-")
    .map(Number) as [number, number];
  return Array.from({ length: MONTHS }, (_none, back) => {
    const at = year * 12 + month - 1 - back;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
  });
}

export function useTable(asked: Ref<Asked>) {
  return useQuery({
    queryKey: ["evaluation", asked],
    queryFn: () => ask(api.GET("/api/v1/evaluation", { params: { query: asked.value } })),
    placeholderData: keepPreviousData,
  });
}

/** A page of the cases behind a figure: of a published table (by its id) as they counted then. */
export function casesOf(
  table: Asked | string,
  figure: { key: string; counter: string; limit: number },
  cursor = "",
): Promise<Schemas["FigureCasesOut"]> {
  const more = { ...figure, ...(cursor ? { cursor } : {}) };
  return typeof table === "string"
    ? ask(
        api.GET("/api/v1/evaluation/published/{publication_id}/cases", {
          params: { path: { publication_id: table }, query: more },
        }),
      )
    : ask(api.GET("/api/v1/evaluation/cases", { params: { query: { ...table, ...more } } }));
}

/** Posts of whoever is signed in. */
export function usePosts() {
  return computed(() => new Set(session.value?.user.posts.map((one) => one.post) ?? []));
}

/** What a table of each sort shows at first sight; the rest stands behind each row. */
export const SHOWN: Record<By, { counters: string[]; rates: string[] }> = {
  unit: {
    counters: ["dispatch", "need_dispose", "dispose", "overtime_dispose", "overtime_undisposed", "rework"],
    rates: ["in_time_dispose_rate", "close_rate", "rework_share"],
  },
  area: {
    counters: ["report", "file", "verified_public_report", "need_close", "close"],
    rates: ["miss_rate", "close_rate", "on_schedule_close_rate"],
  },
  post: { counters: [], rates: [] },
};
export const AGAINST = ["overtime_dispose", "overtime_undisposed", "rework", "return", "reopen", "force_close"];

export function percent(value: number | null | undefined): string {
  return value == null ? "—" : `${(Math.round(value * 10) / 10).toFixed(1)} %`;
}
