/** What a corrected place sends, what the figures of an address open, attributes as lines. */
import { describe, expect, it } from "vitest";
import { placeParams, samePoint } from "@/rooms/desk/relocating";
import { askedOf, queryOf, wantedOf } from "@/rooms/desk/wanted";
import { attributesOf, pairsOf } from "@/rooms/register/entities";
import { casesOf, sinceOf } from "@/rooms/register/figures";

describe("a corrected place", () => {
  it("sends what was said and nothing else", () => {
    expect(placeParams(null, null, " why ")).toEqual({ reason: "why" });
    expect(placeParams({ lon: 121, lat: 31 }, null, "x")).toEqual({ reason: "x", lon: 121, lat: 31 });
    expect(placeParams(null, { id: "", text: "crossing" }, "x")).toEqual({ reason: "x", address: "crossing" });
    expect(placeParams(null, { id: "a", text: "7" }, "x")).toEqual({ reason: "x", address: "7", address_id: "a" });
  });
  it("knows the place it was at", () => {
    expect(samePoint({ lon: 1, lat: 2 }, { lon: 1, lat: 2 })).toBe(true);
    expect(samePoint({ lon: 1, lat: 2 }, null)).toBe(false);
  });
});

describe("figures of an address", () => {
  it("open the cases they count", () => {
    const query = casesOf("a", "k", "closed", "2026-01-01T00:00:00.000Z");
    expect(query).toMatchObject({ queue: "all", address: "a", kind: "k", open: "false" });
    expect(queryOf(wantedOf(query))).toEqual(query);
    expect(askedOf(wantedOf(casesOf("a", null, "recurring", null)))).toEqual({
      queue: "all",
      sort: "-reported",
      address: "a",
      recurring: "true",
    });
  });
  it("begin at a full minute", () => {
    expect(sinceOf("30", Date.parse("2026-03-31T10:00:42Z"))).toBe("2026-03-01T10:00:00.000Z");
    expect(sinceOf("all", 0)).toBeNull();
  });
});

describe("attributes of an entity", () => {
  it("come back as they were", () => {
    const held = { floors: 6, lift: true, code: "007", note: "a b" };
    expect(attributesOf(pairsOf(held))).toEqual(held);
    expect(attributesOf([{ name: " ", value: "lost" }])).toEqual({});
  });
});
