/** What is asked of the public map, kept in the address so that it can be sent to somebody. */
import { computed, type WritableComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";

export const DAYS = ["7", "30", "90", "365"];

export function useLook(): Record<"area" | "kind" | "state" | "days" | "case", WritableComputedRef<string>> {
  const route = useRoute();
  const router = useRouter();

  function held(name: string, fallback = ""): WritableComputedRef<string> {
    return computed({
      get: () => String(route.query[name] ?? fallback),
      set(value) {
        const query = { ...route.query };
        if (!value || value === fallback) delete query[name];
        else query[name] = value;
        void router.replace({ query });
      },
    });
  }

  return {
    area: held("area"),
    kind: held("kind"),
    state: held("state"),
    days: held("days", "30"),
    case: held("case"),
  };
}
