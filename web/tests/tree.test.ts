import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import CyTabs from "@/ui/CyTabs.vue";
import CyTree from "@/ui/CyTree.vue";
import { grown, lines } from "@/ui/tree";

const flat = [
  { id: "city", parent: null },
  { id: "east", parent: "city" },
  { id: "west", parent: "city" },
  { id: "lost", parent: "elsewhere" },
];
const leaves = grown(flat, (one) => ({ id: one.id, label: one.id }));

describe("a tree", () => {
  it("grows from items that name their parent; the others stand at the top", () => {
    expect(leaves.map((one) => one.id)).toEqual(["city", "lost"]);
    expect(lines(leaves, new Set()).map((one) => one.leaf.id)).toEqual(["city", "lost"]);
    const open = lines(leaves, new Set(["city"]));
    expect(open.map((one) => [one.leaf.id, one.level])).toEqual([
      ["city", 1],
      ["east", 2],
      ["west", 2],
      ["lost", 1],
    ]);
  });

  it("opens with the right arrow, chooses with Enter, and has one stop for Tab", async () => {
    const page = mount(CyTree, { props: { label: "Tree", leaves }, attachTo: document.body });
    const first = page.find("[data-id=city]");
    await first.trigger("keydown", { key: "ArrowRight" });
    expect(page.findAll("[role=treeitem]").length).toBe(4);
    await first.trigger("keydown", { key: "ArrowDown" });
    const east = page.find("[data-id=east]");
    expect(page.findAll("[tabindex='0']").map((one) => one.attributes("data-id"))).toEqual(["east"]);
    await east.trigger("keydown", { key: "Enter" });
    expect(east.attributes("aria-selected")).toBe("true");
    await east.trigger("keydown", { key: "ArrowLeft" });
    await first.trigger("keydown", { key: "ArrowLeft" });
    expect(page.findAll("[role=treeitem]").length).toBe(2);
    page.unmount();
  });

  it("asks for children that are not there yet", async () => {
    const page = mount(CyTree, {
      props: { label: "Tree", leaves: [{ id: "a", label: "a", more: true }] },
    });
    await page.find("[data-id=a]").trigger("keydown", { key: "ArrowRight" });
    expect(page.emitted("wanted")).toEqual([["a"]]);
  });
});

describe("tabs", () => {
  it("go round with the arrows", async () => {
    const tabs = [
      { id: "one", label: "One" },
      { id: "two", label: "Two", count: 3 },
    ];
    const page = mount(CyTabs, { props: { label: "Parts", tabs, modelValue: "one" } });
    await page.find("[role=tablist]").trigger("keydown", { key: "ArrowLeft" });
    expect(page.emitted("update:modelValue")).toEqual([["two"]]);
  });
});
