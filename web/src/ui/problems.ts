/** What went wrong, in words for people. */
import { useI18n } from "vue-i18n";
import { Problem, type FieldError } from "@/api/client";

export function useProblems() {
  const { t, te, locale } = useI18n();

  /** One field's fault, by its code in the reader's language; else as the server says it. */
  function fault(one: FieldError): string {
    const key = `fault.${one.code.replace(/\./g, "_")}`;
    return te(key) ? t(key) : one.reason;
  }

  /** Faults by field (the path's first part, or as `named` says), for showing beside them. */
  function byField(
    error: unknown,
    named: (field: string) => string = (field) => field.split(".")[0]!,
  ): Record<string, string> {
    if (!(error instanceof Problem)) return {};
    return Object.fromEntries(error.errors.map((one) => [named(one.field), fault(one)]).reverse());
  }


  function inWords(error: unknown): string {
    if (!(error instanceof Problem)) return t("problem.unknown", { code: "page" });
    if (error.status === 0) return t("problem.offline");
    if (error.status === 401) return t("problem.session");
    if (te(`refusal.${error.code}`)) return t(`refusal.${error.code}`);
    if (error.status === 404) return t("problem.missing");
    if (error.status === 429) return t("problem.tooMany");
    if (error.code === "stale") return t("problem.stale");
    if (error.reason) return locale.value === "en" ? error.reason.en : error.reason.zh;
    if (error.errors.length) {
      return error.errors.map((one) => `${one.field}: ${fault(one)}`).join("; ");
    }
    return error.message || t("problem.unknown", { code: error.code });
  }

  return { inWords, byField, fault };
}
