import { beforeEach, describe, expect, it } from "vitest";
import { nextTick } from "vue";
import { placeOf, useDraft } from "@/rooms/report/draft";

describe("a resident's draft", () => {
  beforeEach(() => localStorage.clear());

  it("outlives the page, but not the name and phone in it", async () => {
    const { draft } = useDraft();
    Object.assign(draft, { text: "井盖破了", lon: 121.4, lat: 31.2, name: "王", phone: "13800138000" });
    await nextTick();
    const again = useDraft().draft;
    expect(again).toMatchObject({ text: "井盖破了", lon: 121.4, lat: 31.2, name: "", phone: "" });
    expect(again.key).toBe(draft.key);
    expect(localStorage.getItem("cy.report.draft")).not.toContain("13800138000");
  });

  it("begins anew once sent, with a key of its own", async () => {
    const { draft, clear } = useDraft();
    const { key } = draft;
    draft.text = "已上报";
    clear();
    await nextTick();
    expect(draft.text).toBe("");
    expect(draft.key).not.toBe(key);
  });

  it("is fresh when what was kept is broken", () => {
    localStorage.setItem("cy.report.draft", "{");
    expect(useDraft().draft.text).toBe("");
  });

  it("takes a place from the page's address, and nothing that is none", () => {
    const named = { lon: "121.4", lat: "31.2", address: "上水井盖 3101" };
    expect(placeOf(named)).toEqual({ lon: 121.4, lat: 31.2, address: "上水井盖 3101" });
    for (const query of [{}, { lon: "", lat: "" }, { lon: "x", lat: "1" }, { lon: "999", lat: "1" }, { lon: ["1"], lat: "1" }]) {
      expect(placeOf(query)).toBeNull();
    }
  });
});
