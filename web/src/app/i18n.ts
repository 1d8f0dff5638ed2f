import { createI18n } from "vue-i18n";
import en from "@/locales/en";
import zh from "@/locales/zh-CN";

export type Locale = "zh-CN" | "en";
const KEPT = "cy.locale";

function preferred(): Locale {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh-CN" || kept === "en") return kept;
  return navigator.languages.some((one) => one.toLowerCase().startsWith("zh")) ? "zh-CN" : "en";
}

export const i18n = createI18n({
  legacy: false,
  locale: preferred(),
  fallbackLocale: "en",
  messages: { "zh-CN": zh, en },
});

export function setLocale(locale: Locale): void {
  i18n.global.locale.value = locale;
  localStorage.setItem(KEPT, locale);
  document.documentElement.lang = locale;
}

document.documentElement.lang = i18n.global.locale.value;
