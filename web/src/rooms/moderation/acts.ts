/** What a moderator can be asked for, and the doors that do it. */
import { api, ask, type Schemas } from "@/api/client";
import type { Box } from "./boxes";

export type Item = Schemas["ModerationItem"];
export type Act = "hide" | "show" | "approve" | "correct" | "redact" | "erase";
export type Part = "case" | "text" | "photo";

export interface Wanted {
  item: Item;
  act: Act;
  what: Part;
  target: string;
  /** The words that a correction begins with. */
  text?: string;
  /** Where the photo is. */
  url?: string;
}

export interface Said {
  reason: string;
  text: string;
  boxes: Box[];
  destroy: boolean;
}

/** Acts that nobody has to be told a reason for. */
export function needsReason(act: Act): boolean {
  return act !== "approve" && act !== "show";
}

export async function carryOut(wanted: Wanted, said: Said): Promise<void> {
  const case_id = wanted.item.row.id;
  const { what, target } = wanted;
  if (wanted.act === "redact") {
    await ask(
      api.POST("/api/v1/moderation/{case_id}/photos/{upload_id}/redact", {
        params: { path: { case_id, upload_id: target } },
        body: { boxes: said.boxes, reason: said.reason, destroy_original: said.destroy },
      }),
    );
  } else if (wanted.act === "erase") {
    await ask(
      api.POST("/api/v1/moderation/{case_id}/erase", {
        params: { path: { case_id } },
        body: { what: what as "text" | "photo", target, reason: said.reason },
      }),
    );
  } else {
    await ask(
      api.POST("/api/v1/moderation/{case_id}", {
        params: { path: { case_id } },
        body: { act: wanted.act, what, target, reason: said.reason || null, text: said.text },
      }),
    );
  }
}
