import { describe, expect, it } from "vitest";
import { lookOf, LOOKS, scannedCode, thingAddress, viewOf } from "@/rooms/senses/senses";

describe("a thing's QR code", () => {
  it("leads to the thing, not to its registration", () => {
    expect(thingAddress("https://city.example", "pond-1")).toBe("https://city.example/senses/things/pond-1");
  });

  it("is read back from the address, from the older address and from a bare code", () => {
    expect(scannedCode(thingAddress("https://city.example", "pond_1"))).toBe("pond_1");
    expect(scannedCode("https://city.example/senses/new?code=pond-1")).toBe("pond-1");
    expect(scannedCode("https://city.example/senses/new?e2e=1&code=pond-1")).toBe("pond-1");
    expect(scannedCode(" pond-1 ")).toBe("pond-1");
  });

  it("is nothing where the text is none of these", () => {
    expect(scannedCode("https://elsewhere.example/")).toBeNull();
    expect(scannedCode("")).toBeNull();
    expect(scannedCode("https://city.example/senses/things/%E0%A4%A")).toBeNull();
  });
});

describe("how a thing is drawn", () => {
  it("never by colour alone", () => {
    const shapes = Object.values(LOOKS).map((one) => one.shape);
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  it("is by its health, unless it is being worked on", () => {
    const last_at = "2026-03-02T02:00:00Z";
    expect(lookOf({ health: "dead", maintained: false, last_at })).toBe("dead");
    expect(lookOf({ health: "dead", maintained: true, last_at })).toBe("maintained");
    expect(lookOf({ health: "silent", maintained: false, last_at: null })).toBe("silent");
    expect(lookOf({ health: "silent", maintained: false, last_at })).toBe("partly");
  });
});

describe("a first view", () => {
  it("shows all that have a place", () => {
    const view = viewOf([{ lon: 121, lat: 31 }, { lon: 121.2, lat: 31.1 }, { lon: null, lat: null }]);
    expect(view).toMatchObject({ lon: 121.1, lat: 31.05 });
    expect(view!.zoom).toBeGreaterThan(8);
    expect(viewOf([])).toBeNull();
  });
});
