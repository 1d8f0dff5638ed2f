/** The choices a move's form needs: units, handlers, kinds and their conditions. */
import { api, ask, type Text } from "@/api/client";
import { outlinesOf } from "@/map/outlines";
import type { Choice, ObjectSchema } from "@/ui/schema";
import type { CaseDetail } from "./types";

export async function choicesFor(
  schema: ObjectSchema,
  detail: CaseDetail,
  kindId: string | undefined,
  limit: (text: string) => string,
): Promise<Record<string, Choice[]>> {
  const inputs = new Set(Object.values(schema.properties ?? {}).map((part) => part["x-input"]));
  const found: Record<string, Choice[]> = {};
  if (inputs.has("org")) found.org = await units(detail);
  if (inputs.has("handler")) found.handler = await handlers(detail);
  if (inputs.has("area")) found.area = await streets(detail);
  if (inputs.has("kind") || inputs.has("condition")) {
    const kinds = await ask(
      api.GET("/api/v1/kinds", { params: { query: { city: detail.city_no } } }),
    );
    found.kind = kinds.map((kind) => ({
      const: kind.id,
      "x-title": {
        zh: `${kind.code} ${kind.name.zh} · ${(kind.major.name as Text).zh}`,
        en: `${kind.code} ${kind.name.en} · ${(kind.major.name as Text).en}`,
      },
    }));
    const kind = kinds.find((one) => one.id === (kindId ?? detail.kind?.id));
    found.condition = (kind?.conditions ?? []).map((one) => ({
      const: one.id,
      "x-title": {
        zh: `${one.text.zh} · ${limit(one.limit)}`,
        en: `${one.text.en} · ${limit(one.limit)}`,
      },
    }));
  }
  return found;
}

/** Streets of the city, for a report whose place nobody could put on the map. */
async function streets(detail: CaseDetail): Promise<Choice[]> {
  const { streets: shapes } = await outlinesOf(detail.city_no);
  return shapes.features.map(({ properties }) => ({
    const: Number(properties?.no),
    "x-title": { zh: String(properties?.name_zh), en: String(properties?.name_en) },
  }));
}

async function units(detail: CaseDetail): Promise<Choice[]> {
  const likely = detail.candidates.map((one) => one.unit);
  const page = await ask(
    api.GET("/api/v1/orgs", { params: { query: { kind: "department", limit: 200 } as never } }),
  );
  const all = [...likely, ...page.items.filter((one) => !likely.some((l) => l.id === one.id))];
  return all.map((unit) => ({ const: unit.id, "x-title": unit.name }));
}

async function handlers(detail: CaseDetail): Promise<Choice[]> {
  const found = await ask(
    api.GET("/api/v1/cases/{case_id}/officers", { params: { path: { case_id: detail.id } } }),
  );
  return found.items.map((one) => ({ const: one.officer, title: one.name, reasons: one.reasons }));
}
