/** The open case: fetched when picked, and again when the stream says that it changed. */
import { ref, shallowRef, watch, type Ref } from "vue";
import { api, ask, Problem, type Schemas } from "@/api/client";
import type { LiveCase } from "@/api/stream";
import type { CaseDetail } from "./types";

export function useDetail(id: Ref<string | null>, changed: Ref<LiveCase | null>) {
  const detail = shallowRef<CaseDetail | null>(null);
  const timeline = shallowRef<Schemas["TimelineItem"][]>([]);
  const error = ref<unknown>(null);

  async function load(): Promise<void> {
    const wanted = id.value;
    if (!wanted) {
      detail.value = null;
      return;
    }
    try {
      const params = { path: { case_id: wanted } };
      const [whole, told] = await Promise.all([
        ask(api.GET("/api/v1/cases/{case_id}", { params })),
        ask(api.GET("/api/v1/cases/{case_id}/timeline", { params })),
      ]);
      if (id.value !== wanted) return;
      detail.value = whole;
      timeline.value = told.items;
      error.value = null;
    } catch (problem) {
      if (id.value !== wanted) return;
      // A line that fails now and then takes nobody's open form away; what is out of sight goes.
      const gone = problem instanceof Problem && [401, 403, 404].includes(problem.status);
      if (detail.value?.id === wanted && !gone) return;
      detail.value = null;
      error.value = problem;
    }
  }

  watch(id, () => void load(), { immediate: true });
  watch(changed, (live) => {
    if (live && live.id === id.value && live.version > (detail.value?.version ?? 0)) void load();
  });
  return { detail, timeline, error, load };
}
