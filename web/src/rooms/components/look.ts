/** What the pages of components share: states, tones, what a filter asks, what a finding says. */
export const STATES = ["intact", "damaged", "missing", "abandoned"] as const;
export const FINDINGS = ["intact", "damaged", "missing", "abandoned", "moved", "new"] as const;
export type State = (typeof STATES)[number];
export type Finding = (typeof FINDINGS)[number];

const TONES: Record<string, "ok" | "late" | "warn" | "plain"> = {
  intact: "ok",
  damaged: "warn",
  missing: "late",
  abandoned: "plain",
};

export function tone(state: string): "ok" | "late" | "warn" | "plain" {
  return TONES[state] ?? "plain";
}

export interface Filters {
  q: string;
  kind: string;
  state: string;
  unit: string;
}

/** Only what is filled in, trimmed, as the server and the page's address take it. */
export function asked(filters: Filters): Partial<Filters> {
  return Object.fromEntries(
    Object.entries(filters)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value),
  );
}

export interface Found {
  finding: Finding;
  component: string;
  kind: string;
  name: string;
  note: string;
  lon: number | null;
  lat: number | null;
  accuracy: number | null;
  photos: string[];
}

export interface FindingBody {
  finding: Finding;
  component_id?: string;
  kind_id?: string;
  name?: string;
  lon?: number;
  lat?: number;
  accuracy_m?: number;
  datum: "WGS84";
  note: string;
  photos: string[];
}

/** A place is sent only where it is what was found: of a new or a moved component. */
export function placed(finding: Finding): boolean {
  return finding === "new" || finding === "moved";
}

/** What is still missing before a finding can be sent. */
export function missing(found: Found): "component" | "kind" | "place" | null {
  if (found.finding === "new" ? !found.kind : !found.component) {
    return found.finding === "new" ? "kind" : "component";
  }
  return placed(found.finding) && (found.lon == null || found.lat == null) ? "place" : null;
}

export function body(found: Found): FindingBody {
  const made: FindingBody = {
    finding: found.finding,
    datum: "WGS84",
    note: found.note.trim(),
    photos: found.photos,
  };
  if (found.finding === "new") {
    made.kind_id = found.kind;
    if (found.name.trim()) made.name = found.name.trim();
  } else made.component_id = found.component;
  if (placed(found.finding) && found.lon != null && found.lat != null) {
    made.lon = found.lon;
    made.lat = found.lat;
    if (found.accuracy != null) made.accuracy_m = found.accuracy;
  }
  return made;
}

/** The id of a component in what a camera or a person read: its address, or the id itself. */
export function scanned(said: string): string {
  const found = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(said);
  return found ? found[0].toLowerCase() : "";
}

/** Where the code on a component leads. */
export function codeAddress(origin: string, id: string): string {
  return `${origin}/component/${id}`;
}
