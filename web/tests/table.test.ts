import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { nextTick } from "vue";
import { i18n } from "@/app/i18n";
import CyTable from "@/ui/CyTable.vue";
import { ordered, pressed, type Column } from "@/ui/table";

interface Row {
  id: string;
  n: number | null;
}
const columns: Column<Row>[] = [
  { key: "id", label: "Name", value: (row) => row.id },
  { key: "n", label: "Count", value: (row) => row.n, number: true },
  { key: "more", label: "More" },
];
const rows: Row[] = [
  { id: "b10", n: 2 },
  { id: "b9", n: null },
  { id: "a", n: 10 },
];

function table(opened: Row[] = []) {
  return mount(CyTable<Row>, {
    props: { label: "Rows", columns, rows, id: (row: Row) => row.id, onOpen: (row: Row) => opened.push(row) },
    global: { plugins: [i18n] },
    attachTo: document.body,
  });
}

describe("a table", () => {
  it("sorts numbers as numbers, names as people do, and leaves what is empty last", () => {
    const by = (key: string, down: boolean): string[] =>
      ordered(rows, columns, { key, down }, "en").map((row) => row.id);
    expect(by("id", false)).toEqual(["a", "b9", "b10"]);
    expect(by("n", false)).toEqual(["b10", "a", "b9"]);
    expect(by("n", true)).toEqual(["a", "b10", "b9"]);
  });

  it("goes up, down and back to how it came", () => {
    const up = pressed(null, "n");
    const down = pressed(up, "n");
    expect([up, down, pressed(down, "n")]).toEqual([
      { key: "n", down: false },
      { key: "n", down: true },
      null,
    ]);
  });

  it("says how it is sorted, and offers no order where there is none", async () => {
    const page = table();
    const heads = page.findAll("th");
    await heads[1]!.find("button").trigger("click");
    expect(heads.map((one) => one.attributes("aria-sort"))).toEqual([undefined, "ascending", undefined]);
    expect(heads[2]!.find("button").exists()).toBe(false);
    page.unmount();
  });

  it("is walked with the arrows and opens on Enter", async () => {
    const opened: Row[] = [];
    const page = table(opened);
    const body = page.findAll("tbody tr");
    expect(body.map((one) => one.attributes("tabindex"))).toEqual(["0", "-1", "-1"]);
    await body[0]!.trigger("keydown", { key: "ArrowDown" });
    await nextTick();
    expect(body[1]!.attributes("tabindex")).toBe("0");
    await body[1]!.trigger("keydown", { key: "Enter" });
    expect(opened).toEqual([rows[1]]);
    page.unmount();
  });
});
