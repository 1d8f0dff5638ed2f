/** Everything the command line knows, in the order of how near it lies. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type ComputedRef, type Ref } from "vue";
import { useI18n } from "vue-i18n";
import { useRouter } from "vue-router";
import { api, ask } from "@/api/client";
import { session } from "@/api/session";
import { useWords } from "@/ui/words";
import { LANES } from "./lanes";
import { arranged } from "./moves";
import type { Command } from "./palette";
import type { CaseDetail, Move, Wanted } from "./types";

interface Does {
  move(move: Move): void;
  dispatch(unit: string): void;
  narrow(change: Partial<Wanted>): void;
  use(query: Record<string, string>): void;
  /** The desk's own acts: name, key, deed. */
  acts: readonly (readonly [name: string, key: string, run: () => void])[];
}

export function useCommands(detail: Ref<CaseDetail | null>, digits: Ref<number>, does: Does): ComputedRef<Command[]> {
  const { t, say } = useWords();
  const { messages, locale } = useI18n();
  const router = useRouter();
  const saved = useQuery({ queryKey: ["filters"], queryFn: () => ask(api.GET("/api/v1/filters")), staleTime: 60_000 });

  /** The same words in the language that is not shown. */
  function other(key: string): string {
    const language = locale.value === "en" ? "zh-CN" : "en";
    let found: unknown = (messages.value as Record<string, unknown>)[language];
    for (const part of key.split(".")) found = (found as Record<string, unknown> | undefined)?.[part];
    return typeof found === "string" ? found : "";
  }

  const moves = computed<Command[]>(() => {
    const one = detail.value;
    if (!one) return [];
    const group = t("workbench.palette.moves");
    const { forward, side } = arranged(one.moves);
    const shift = digits.value ? "Shift+" : "";
    const dispatch = one.moves.find((move) => ["dispatch", "redispatch"].includes(move.move));
    return [
      ...[...forward, ...side].map((move, index) => ({
        id: `move-${move.move}`,
        label: say(move.title),
        also: `${move.title.zh} ${move.title.en} ${move.move}`,
        group,
        key: index < 9 ? `${shift}${index + 1}` : undefined,
        run: () => does.move(move),
      })),
      ...(dispatch ? one.candidates : []).map((each, index) => ({
        id: `unit-${each.unit.id}`,
        label: `${say(dispatch!.title)} → ${say(each.unit.name)}`,
        also: `${dispatch!.title.zh} ${dispatch!.title.en} ${each.unit.name.zh} ${each.unit.name.en}`,
        group,
        key: index < 9 ? String(index + 1) : undefined,
        run: () => does.dispatch(each.unit.id),
      })),
    ];
  });

  const filters = computed<Command[]>(() => {
    const group = t("workbench.palette.filters");
    return [
      ...(saved.data.value?.items ?? []).map((one) => ({
        id: `filter-${one.id}`,
        label: one.name,
        group,
        run: () => does.use(one.query),
      })),
      ...(["mine", "all", "overdue"] as const).map((name) => ({
        id: `queue-${name}`,
        label: t(`desk.${name}`),
        also: other(`desk.${name}`),
        group,
        run: () => does.narrow({ queue: name === "mine" ? "mine" : "all", overdue: name === "overdue" }),
      })),
      ...LANES.map((lane) => ({
        id: `lane-${lane.id}`,
        label: t(`workbench.lane.${lane.id}`),
        also: other(`workbench.lane.${lane.id}`),
        group,
        run: () => does.narrow({ state: lane.states.join(",") }),
      })),
    ];
  });

  const acts = computed<Command[]>(() =>
    does.acts.map(([name, key, run]) => ({
      id: `act-${name}`,
      label: t(`workbench.keys.${name}`),
      also: other(`workbench.keys.${name}`),
      group: t("workbench.palette.acts"),
      key,
      run,
    })),
  );

  const pages = computed<Command[]>(() => {
    const held = new Set(session.value?.user.posts.map((one) => one.post));
    return router
      .getRoutes()
      .filter(({ meta }) => meta.nav && (meta.nav.everybody || !meta.nav.posts || meta.nav.posts.some((post) => held.has(post))))
      .map(({ path, meta }) => ({
        id: `page-${path}`,
        label: t(meta.nav!.label),
        also: `${other(meta.nav!.label)} ${path}`,
        group: t("workbench.palette.pages"),
        run: () => void router.push(path.replace(/\/:.*$/, "")),
      }));
  });

  return computed(() => [...moves.value, ...filters.value, ...acts.value, ...pages.value]);
}
