/** The queue: pages of cases, kept true by the live stream instead of by asking again. */
import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref } from "vue";
import { api, ask } from "@/api/client";
import { listen, type LiveCase, type Stream } from "@/api/stream";
import type { CaseRow, Counts, Wanted } from "./types";

const PAGE = 100;
/** New cases are fetched together, not one by one. */
const CATCH_UP_MS = 1500;

export function useQueue(wanted: Ref<Wanted>, streamUrl: string) {
  const rows = shallowRef<CaseRow[]>([]);
  const next = ref<string | null>(null);
  const loading = ref(false);
  const error = ref<unknown>(null);
  const counts = ref<Counts | null>(null);
  const changed = ref<LiveCase | null>(null);
  let run = 0;
  let timer = 0;

  function query(cursor?: string) {
    const { queue, state, kind, q, overdue } = wanted.value;
    return {
      queue,
      limit: PAGE,
      ...(state ? { state } : {}),
      ...(kind ? { kind } : {}),
      ...(q ? { q } : {}),
      ...(overdue ? { overdue: true } : {}),
      ...(cursor ? { cursor } : {}),
    };
  }

  async function load(): Promise<void> {
    const mine = ++run;
    loading.value = true;
    try {
      const [page, told] = await Promise.all([
        ask(api.GET("/api/v1/cases", { params: { query: query() as never } })),
        // Without its counts the queue still works.
        ask(api.GET("/api/v1/cases/counts")).catch(() => null),
      ]);
      if (mine !== run) return;
      rows.value = page.items;
      next.value = page.next ?? null;
      counts.value = told as never;
      error.value = null;
    } catch (problem) {
      if (mine === run) error.value = problem;
    } finally {
      if (mine === run) loading.value = false;
    }
  }

  async function more(): Promise<void> {
    if (!next.value || loading.value) return;
    loading.value = true;
    try {
      const page = await ask(
        api.GET("/api/v1/cases", { params: { query: query(next.value) as never } }),
      );
      const known = new Set(rows.value.map((row) => row.id));
      rows.value = [...rows.value, ...page.items.filter((row) => !known.has(row.id))];
      next.value = page.next ?? null;
    } finally {
      loading.value = false;
    }
  }

  function catchUp(): void {
    if (!timer) {
      timer = window.setTimeout(() => {
        timer = 0;
        void load();
      }, CATCH_UP_MS);
    }
  }

  function patch(live: LiveCase): void {
    changed.value = live;
    const at = rows.value.findIndex((row) => row.id === live.id);
    const old = rows.value[at];
    if (!old) {
      if (live.open) catchUp();
      return;
    }
    if (old.version >= live.version) return;
    const copy = rows.value.slice();
    copy[at] = {
      ...old,
      state: live.state,
      version: live.version,
      clock: live.clock,
      due_at: live.due_at,
      warn_at: live.warn_at,
      level: live.level,
      supervised: live.supervised,
      reports: live.reports,
    };
    rows.value = copy;
    // Whether it still belongs here, and how many there are, is the server's to say.
    catchUp();
  }

  let stream: Stream | null = null;
  if (streamUrl) {
    stream = listen(streamUrl, {
      changed: patch,
      gone: (id) => (rows.value = rows.value.filter((row) => row.id !== id)),
      reset: () => void load(),
    });
  }
  onBeforeUnmount(() => {
    window.clearTimeout(timer);
    stream?.close();
  });
  watch(wanted, () => void load(), { deep: true, immediate: true });

  return {
    rows,
    counts,
    loading,
    error,
    changed,
    hasMore: computed(() => next.value !== null),
    streamState: computed(() => stream?.state.value ?? "broken"),
    seenAt: computed(() => stream?.seenAt.value ?? null),
    load,
    more,
  };
}
