/** Words, numbers and times in the reader's language. */
import { useI18n } from "vue-i18n";
import { limitParts } from "./limits";

export interface BothLanguages {
  zh: string;
  en: string;
}

const ZONE = "Asia/Shanghai";

export function useWords() {
  const { t, te, locale } = useI18n();

  function say(text: BothLanguages | null | undefined): string {
    if (!text) return "—";
    return locale.value === "en" ? text.en : text.zh;
  }

  function at(iso: string | null | undefined, withDate = true): string {
    if (!iso) return "—";
    return new Intl.DateTimeFormat(locale.value, {
      timeZone: ZONE,
      ...(withDate ? { month: "2-digit", day: "2-digit" } : {}),
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
    }).format(new Date(iso));
  }

  function span(minutes: number): string {
    const left = Math.abs(Math.round(minutes));
    if (left < 60) return t("time.minutes", { n: left });
    if (left < 48 * 60) return t("time.hours", { h: Math.floor(left / 60), m: left % 60 });
    return t("time.days", { n: Math.round(left / 1440) });
  }

  function number(value: number | null | undefined): string {
    return value == null ? "—" : new Intl.NumberFormat(locale.value).format(value);
  }

  /** A limit such as "4 WH" in words. */
  function limit(text: string | null | undefined): string {
    const parts = limitParts(text ?? "");
    return parts ? t(`limit.${parts.unit}`, { n: parts.n }, parts.n) : text || "—";
  }

  return { t, te, locale, say, at, span, number, limit };
}
