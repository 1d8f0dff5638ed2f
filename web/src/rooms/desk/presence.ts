/** Who is on this case: said while the pane is open, heard through the stream. */
import { computed, onBeforeUnmount, watch, type ComputedRef, type Ref } from "vue";
import { api, csrfHeader } from "@/api/client";
import { session } from "@/api/session";
import type { Person } from "./types";

const BEAT_MS = 10_000;

export function usePresence(
  caseId: Ref<string | null>,
  acting: Ref<boolean>,
  everybody: Ref<Map<string, Person[]>>,
): ComputedRef<Person[]> {
  // A window of its own: a person with two windows is on two cases.
  const tab = crypto.randomUUID();
  let said = false;

  function beat(): void {
    const here = caseId.value;
    if (!here || document.hidden) return;
    said = true;
    const body = { tab, doing: acting.value ? ("acting" as const) : ("looking" as const) };
    // Whether it arrives is nobody's worry: the next one comes in seconds.
    void api
      .PUT("/api/v1/cases/{case_id}/presence", { params: { path: { case_id: here } }, body })
      .catch(() => undefined);
  }

  function leave(): void {
    if (!said) return;
    said = false;
    void fetch(`/api/v1/presence/${tab}`, { method: "DELETE", keepalive: true, headers: csrfHeader() }).catch(
      () => undefined,
    );
  }

  function shown(): void {
    if (document.hidden) leave();
    else beat();
  }

  // Running down the queue is not being on each case.
  let settle = 0;
  watch(
    [caseId, acting],
    ([now]) => {
      window.clearTimeout(settle);
      if (now) settle = window.setTimeout(beat, 600);
      else leave();
    },
    { immediate: true },
  );
  const timer = window.setInterval(beat, BEAT_MS);
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", shown);
  onBeforeUnmount(() => {
    window.clearInterval(timer);
    window.clearTimeout(settle);
    window.removeEventListener("pagehide", leave);
    document.removeEventListener("visibilitychange", shown);
    leave();
  });
  return computed(() => {
    const me = session.value?.user.id;
    return (caseId.value ? (everybody.value.get(caseId.value) ?? []) : []).filter((one) => one.user !== me);
  });
}
