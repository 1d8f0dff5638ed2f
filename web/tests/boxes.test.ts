import { describe, expect, it } from "vitest";
import { between, moved, resized } from "@/rooms/moderation/boxes";

describe("boxes over a photo", () => {
  it("are the same whichever way they were drawn", () => {
    expect(between(0.2, 0.3, 0.6, 0.8)).toEqual(between(0.6, 0.8, 0.2, 0.3));
  });

  it("never leave the photo and never vanish", () => {
    for (const box of [between(-1, -1, 2, 2), between(1, 1, 1, 1), between(0, 0, 0, 0)]) {
      for (const one of [
        box,
        moved(box, 0.7, -0.7),
        moved(box, -9, 9),
        resized(box, 9, 9),
        resized(box, -9, -9),
      ]) {
        expect(one.x).toBeGreaterThanOrEqual(0);
        expect(one.y).toBeGreaterThanOrEqual(0);
        expect(one.x + one.width).toBeLessThanOrEqual(1 + 1e-9);
        expect(one.y + one.height).toBeLessThanOrEqual(1 + 1e-9);
        expect(one.width).toBeGreaterThan(0);
        expect(one.height).toBeGreaterThan(0);
      }
    }
  });
});
