/** What a correction of a place sends. */
import type { Values } from "@/ui/schema";

export interface Point {
  lon: number;
  lat: number;
}

export function samePoint(one: Point | null, other: Point | null): boolean {
  return one?.lon === other?.lon && one?.lat === other?.lat;
}

/** The params of the move: what was not said is left out, words that name no address go as words. */
export function placeParams(
  pin: Point | null,
  address: { id: string; text: string } | null,
  reason: string,
): Values {
  return {
    reason: reason.trim(),
    ...(pin ? { lon: pin.lon, lat: pin.lat } : {}),
    ...(address ? { address: address.text } : {}),
    ...(address?.id ? { address_id: address.id } : {}),
  };
}
