/** Components: what filters ask, what a finding sends, what a code leads to. */
import { describe, expect, it } from "vitest";
import {
  FINDINGS,
  asked,
  body,
  codeAddress,
  missing,
  scanned,
  tone,
  type Finding,
  type Found,
} from "@/rooms/components/look";

const ID = "0198f0a1-1111-7222-8333-444455556666";

function found(finding: Finding, more: Partial<Found> = {}): Found {
  return {
    ...{ finding, component: "", kind: "", name: "", note: "", photos: [] },
    ...{ lon: null, lat: null, accuracy: null },
    ...more,
  };
}

describe("components", () => {
  it("asks only for what is filled in", () => {
    expect(asked({ q: " 31 ", kind: "", state: "damaged", unit: " " })).toEqual({ q: "31", state: "damaged" });
  });

  it("says what a finding still lacks", () => {
    expect(missing(found("new"))).toBe("kind");
    expect(missing(found("new", { kind: "k" }))).toBe("place");
    expect(missing(found("new", { kind: "k", lon: 0, lat: 0 }))).toBeNull();
    expect(missing(found("moved", { component: ID }))).toBe("place");
    for (const one of FINDINGS.filter((finding) => finding !== "new")) {
      expect(missing(found(one))).toBe("component");
    }
    expect(missing(found("damaged", { component: ID }))).toBeNull();
  });

  it("sends a place only of what is new or moved", () => {
    const spot = { lon: 121.4, lat: 31.2, accuracy: 6, component: ID, kind: "k", name: " a " };
    expect(body(found("damaged", spot))).toEqual({
      ...{ finding: "damaged", component_id: ID, datum: "WGS84", note: "", photos: [] },
    });
    expect(body(found("moved", spot))).toMatchObject({ component_id: ID, lon: 121.4, lat: 31.2, accuracy_m: 6 });
    const made = body(found("new", spot));
    expect(made).toMatchObject({ kind_id: "k", name: "a", lon: 121.4 });
    expect(made).not.toHaveProperty("component_id");
  });

  it("reads its own codes and nothing else", () => {
    expect(scanned(codeAddress("https://city.example", ID))).toBe(ID);
    expect(scanned(ID.toUpperCase())).toBe(ID);
    expect(scanned("https://city.example/")).toBe("");
  });

  it("never tells a state by colour alone, and an unknown one plainly", () => {
    expect(tone("missing")).toBe("late");
    expect(tone("odd")).toBe("plain");
  });
});
