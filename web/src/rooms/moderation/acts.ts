/** What a moderator can be asked for, and the doors that do it. */
import { api, ask, type Schemas } from "@/api/client";
import type { Box } from "./boxes";

export type Item = Schemas["ModerationItem"];
export type Act = "hide" | "show" | "approve" | "correct" | "redact" | "erase" | "open" | "parts";
export type Part = "case" | "text" | "photo" | "address" | "attributes" | "words";

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

/** The original of a covered photo; its opening is on record. */
export async function openOriginal(wanted: Wanted, reason: string): Promise<Blob> {
  const path = { case_id: wanted.item.row.id, upload_id: wanted.target };
  return (await ask(
    api.POST("/api/v1/moderation/{case_id}/photos/{upload_id}/original", {
      params: { path },
      body: { reason },
      parseAs: "blob",
    }) as Promise<{ data?: unknown; error?: unknown; response: Response }>,
  )) as Blob;
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
        body: { what: what as Exclude<Part, "case">, target, reason: said.reason },
      }),
    );
  } else {
    await ask(
      api.POST("/api/v1/moderation/{case_id}", {
        params: { path: { case_id } },
        body: { act: wanted.act as "hide", what: what as "case", target, reason: said.reason || null, text: said.text },
      }),
    );
  }
}
