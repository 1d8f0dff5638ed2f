/** Every message can be shown: some letters mean something to the translator. */
import { describe, expect, it } from "vitest";
import { i18n } from "@/app/i18n";

function paths(words: object, above = ""): string[] {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === "object" && value ? paths(value, `${above}${name}.`) : [`${above}${name}`],
  );
}

describe("the words", () => {
  it.each(["zh-CN", "en"] as const)("can all be shown in %s", (locale) => {
    i18n.global.locale.value = locale;
    const t = i18n.global.t as (key: string, named: object) => string;
    const broken = paths(i18n.global.messages.value[locale]).filter((key) => {
      try {
        t(key, {});
        return false;
      } catch {
        return true;
      }
    });
    expect(broken).toEqual([]);
  });
});
