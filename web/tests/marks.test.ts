import { describe, expect, it } from "vitest";
import { markOf, nearest, pointsOf, viewOf, type Row } from "@/rooms/senses/marks";

const row = (id: string, lon: number | null, lat: number | null, more: Partial<Row> = {}): Row =>
  ({ id, lon, lat, health: "fine", maintained_until: null, ...more }) as Row;

describe("things on a map", () => {
  it("stand by their state, and by work on them before it", () => {
    expect(markOf(row("a", 0, 0, { health: "dead" }))).toBe("dead");
    expect(markOf(row("a", 0, 0, { health: "silent" }))).toBe("silent");
    expect(markOf(row("a", 0, 0, { health: "silent", last_at: "2026-01-01T00:00:00Z" }))).toBe("fine");
    expect(markOf(row("a", 0, 0, { health: "dead", maintained_until: "2026-01-01T00:00:00Z" }))).toBe("maintained");
  });

  it("are drawn where they have a place", () => {
    const drawn = pointsOf([row("a", 121, 31), row("b", null, null)]);
    expect(drawn.features.map((one) => one.properties?.id)).toEqual(["a"]);
  });

  it("are found by a press near them, and not from afar", () => {
    const rows = [row("a", 121, 31), row("b", 121.001, 31)];
    expect(nearest(rows, 121.0009, 31, 0.01)?.id).toBe("b");
    expect(nearest(rows, 122, 31, 0.01)).toBeNull();
  });

  it("are all in the first view", () => {
    const view = viewOf([row("a", 121, 31), row("b", 121.2, 31.1)]);
    expect(view).toMatchObject({ lon: 121.1, lat: 31.05 });
    expect(view!.zoom).toBeGreaterThan(8);
    expect(viewOf([row("a", null, null)])).toBeNull();
  });
});
