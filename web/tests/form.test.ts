import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { i18n } from "@/app/i18n";
import type { ObjectSchema } from "@/ui/schema";
import SchemaForm from "@/ui/SchemaForm.vue";

const schema: ObjectSchema = {
  type: "object",
  required: ["passed"],
  properties: { passed: { type: "boolean" }, note: { type: "string" } },
};

function form(given: ObjectSchema = schema) {
  return mount(SchemaForm, { props: { schema: given }, global: { plugins: [i18n] } });
}

describe("a form", () => {
  it("takes no silence for a no", async () => {
    const page = form();
    await page.trigger("submit");
    expect(page.emitted("send")).toBeUndefined();
    expect(page.find("[role=alert]").exists()).toBe(true);
  });

  it("sends the answer that was chosen", async () => {
    const page = form();
    await page.findAll("input[type=radio]")[1]!.setValue(true);
    await page.trigger("submit");
    expect(page.emitted("send")).toEqual([[{ passed: false }]]);
  });

  it("shows the server's word beside the field", () => {
    const page = mount(SchemaForm, {
      props: { schema, errors: { note: "Too short." } },
      global: { plugins: [i18n] },
    });
    expect(page.text()).toContain("Too short.");
  });
});
