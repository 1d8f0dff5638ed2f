import { describe, expect, it } from "vitest";
import { limitParts } from "@/ui/limits";
import { faults, filled, type ObjectSchema } from "@/ui/schema";

const schema: ObjectSchema = {
  type: "object",
  required: ["reason", "photos"],
  properties: {
    reason: { type: "string", minLength: 2, maxLength: 10 },
    photos: { type: "array", minItems: 1 },
    amount: { type: "integer", minimum: 1 },
  },
};

describe("a form's answers", () => {
  it("leave out what was not filled in", () => {
    expect(filled({ a: "", b: [], c: null, d: false, e: 0 })).toEqual({ d: false, e: 0 });
  });

  it("lack what is required", () => {
    expect(faults(schema, { reason: "", photos: [] })).toEqual(new Set(["reason", "photos"]));
  });

  it("are held against the schema field by field", () => {
    expect(faults(schema, { reason: "x", photos: ["1"], amount: 0 })).toEqual(
      new Set(["reason", "amount"]),
    );
    expect(faults(schema, { reason: "torn", photos: ["1"], amount: 3 }).size).toBe(0);
  });
});

describe("a limit in words", () => {
  it("has a number and a unit", () => {
    expect(limitParts("4 WH")).toEqual({ n: 4, unit: "WH" });
    expect(limitParts("soon")).toBeNull();
  });
});
