import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { i18n } from "@/app/i18n";
import DateField from "@/ui/DateField.vue";
import { dayAfter, dayOf, dayTyped, instant, mondayOf, monthAfter, monthPage, timeOf, timeTyped } from "@/ui/dates";
import TimeField from "@/ui/TimeField.vue";

const global = { plugins: [i18n] };

describe("days and times", () => {
  it("reads what people type and refuses what is no day", () => {
    expect(["2026-2-3", "2026/02/03", "20260203"].map(dayTyped)).toEqual(Array(3).fill("2026-02-03"));
    expect(["2026-02-30", "tomorrow", "", "2026-13-01"].map(dayTyped)).toEqual([null, null, null, null]);
    expect(["8", "830", "8:30", "08:30", "23:59"].map(timeTyped)).toEqual(["08:00", "08:30", "08:30", "08:30", "23:59"]);
    expect(["24:00", "8:60", "x", ""].map(timeTyped)).toEqual([null, null, null, null]);
  });

  it("counts over months and years, and weeks from Monday", () => {
    expect(dayAfter("2026-12-31", 1)).toBe("2027-01-01");
    expect([monthAfter("2026-01-31", 1), monthAfter("2026-01-31", -1)]).toEqual(["2026-02-28", "2025-12-31"]);
    expect([mondayOf("2026-11-22"), mondayOf("2026-11-23")]).toEqual(["2026-11-16", "2026-11-23"]);
    expect(monthPage("2026-11-22").length).toBe(42);
    expect(monthPage("2026-11-22")[0]).toBe("2026-10-26");
  });

  it("speaks of the city's zone", () => {
    expect(dayOf("2026-11-22T16:30:00Z")).toBe("2026-11-23");
    expect(timeOf("2026-11-22T16:30:00Z")).toBe("00:30");
    expect(new Date(instant("2026-11-23", "00:30")).toISOString()).toBe("2026-11-22T16:30:00.000Z");
  });
});

describe("a field for a day", () => {
  it("shows months in the page's language", async () => {
    i18n.global.locale.value = "en";
    const page = mount(DateField, { props: { modelValue: "2026-11-22" }, global });
    await page.find(".opener").trigger("click");
    expect(page.find(".calendar header").text()).toContain("November 2026");
    i18n.global.locale.value = "zh-CN";
    await page.vm.$nextTick();
    expect(page.find(".calendar header").text()).toContain("2026年11月");
  });

  it("says so when there is no such day, and gives none", async () => {
    const page = mount(DateField, { props: { modelValue: "2026-11-22" }, global });
    await page.find("input").setValue("2026-11-31");
    await page.find("input").trigger("change");
    expect(page.emitted("update:modelValue")).toEqual([[""]]);
    expect(page.find("[role=alert]").exists()).toBe(true);
  });

  it("steps through the time", async () => {
    const page = mount(TimeField, { props: { modelValue: "23:50" }, global });
    await page.find("input").trigger("keydown", { key: "ArrowUp" });
    expect(page.emitted("update:modelValue")).toEqual([["00:05"]]);
  });
});
