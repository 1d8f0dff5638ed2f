/** What went wrong, in words for people. */
import { useI18n } from "vue-i18n";
import { Problem } from "@/api/client";

export function useProblems() {
  const { t, locale } = useI18n();

  function inWords(error: unknown): string {
    if (!(error instanceof Problem)) return t("problem.unknown", { code: "page" });
    if (error.status === 0) return t("problem.offline");
    if (error.status === 401) return t("problem.session");
    if (error.status === 404) return t("problem.missing");
    if (error.status === 429) return t("problem.tooMany");
    if (error.code === "stale") return t("problem.stale");
    if (error.reason) return locale.value === "en" ? error.reason.en : error.reason.zh;
    if (error.errors.length) {
      return error.errors.map((one) => `${one.field}: ${one.reason}`).join("; ");
    }
    return error.message || t("problem.unknown", { code: error.code });
  }

  return { inWords };
}
