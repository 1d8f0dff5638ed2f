import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { defineComponent, h } from "vue";
import { createI18n } from "vue-i18n";
import en from "@/locales/en";
import zh from "@/locales/zh-CN";
import { useWords } from "@/ui/words";

function words(locale: "zh-CN" | "en"): ReturnType<typeof useWords> {
  let found: ReturnType<typeof useWords> | undefined;
  const inside = defineComponent({
    setup() {
      found = useWords();
      return () => h("p");
    },
  });
  const i18n = createI18n({ legacy: false, locale, messages: { "zh-CN": zh, en } });
  mount(inside, { global: { plugins: [i18n] } });
  return found!;
}

describe("words", () => {
  it("tell a span in the reader's language", () => {
    expect([59, 60, 47 * 60 + 5, 48 * 60].map(words("zh-CN").span)).toEqual([
      "59 分",
      "1 小时 0 分",
      "47 小时 5 分",
      "2 天",
    ]);
    expect(words("en").span(-61)).toBe("1 h 1 min");
  });

  it("tell times in the city's zone, whatever the reader's", () => {
    expect(words("zh-CN").at("2026-11-22T16:05:00Z")).toBe("11/23 00:05");
    expect(words("en").at("2026-11-22T04:05:00Z", false)).toBe("12:05");
  });

  it("say that there is nothing by a dash, never by a nought", () => {
    const { at, say, number } = words("en");
    expect([at(null), say(undefined), number(null)]).toEqual(["—", "—", "—"]);
    expect(number(0)).toBe("0");
    expect(number(1234567)).toBe("1,234,567");
  });
});
