/** A table of organisations as a file: comma-separated with a heading, quotes as spreadsheets write them. */
export interface OrgRow {
  code: string;
  name: { zh: string; en: string };
  kind: string;
  area: string;
  roles: string[];
  parent: string | null;
}

export function cells(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const source = text.replace(/^\uFEFF/, "");
  for (let at = 0; at < source.length; at += 1) {
    const letter = source[at]!;
    if (quoted && letter === '"' && source[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === ",") {
      rows.at(-1)!.push(cell);
      cell = "";
    } else if (!quoted && letter === "\n") {
      rows.at(-1)!.push(cell);
      cell = "";
      rows.push([]);
    } else if (quoted || letter !== "\r") cell += letter;
  }
  rows.at(-1)!.push(cell);
  return rows.filter((row) => row.some((one) => one.trim()));
}

export const COLUMNS = ["code", "name_zh", "name_en", "kind", "area", "roles", "parent"] as const;

/** The rows of a file, or the columns of the heading that are missing. */
export function organisations(text: string): { rows: OrgRow[]; missing: string[] } {
  const [head = [], ...body] = cells(text);
  const at = new Map(head.map((name, index) => [name.trim().toLowerCase(), index]));
  const missing = ["code", "name_zh", "kind", "area"].filter((name) => !at.has(name));
  if (missing.length) return { rows: [], missing };
  const rows = body.map((row) => {
    const cell = (name: string): string => (row[at.get(name) ?? -1] ?? "").trim();
    return {
      code: cell("code"),
      name: { zh: cell("name_zh"), en: cell("name_en") || cell("name_zh") },
      kind: cell("kind"),
      area: cell("area"),
      roles: cell("roles").split(/[;\uff1b]/).map((one) => one.trim()).filter(Boolean),
      parent: cell("parent") || null,
    };
  });
  return { rows, missing: [] };
}
