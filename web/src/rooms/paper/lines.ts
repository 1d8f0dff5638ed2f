/** Lines of paper as they are typed: which moves there are, what each asks for, what is sent. */
import { typedTime } from "./groups";

export type FieldKind = "words" | "person" | "unit" | "kind" | "photos" | "flag";

export interface Asked {
  name: string;
  kind: FieldKind;
  required?: boolean;
}

const NOTE: Asked = { name: "note", kind: "words" };
const REASON: Asked = { name: "reason", kind: "words", required: true };

/** What a sheet can hold, in the order of the loop; several cases at once are no line of it. */
export const MOVES: Record<string, readonly Asked[]> = {
  accept: [NOTE],
  reject: [REASON],
  verify_result: [{ name: "exists", kind: "flag" }, { name: "photos", kind: "photos" }, NOTE],
  file: [
    { name: "kind_id", kind: "kind", required: true },
    { name: "condition_id", kind: "words", required: true },
    NOTE,
  ],
  dispatch: [{ name: "unit", kind: "unit", required: true }, NOTE],
  redispatch: [{ name: "unit", kind: "unit", required: true }, REASON],
  return_step: [REASON],
  assign: [{ name: "handler_id", kind: "person", required: true }, NOTE],
  start: [],
  handle: [
    { name: "before", kind: "photos" },
    { name: "after", kind: "photos" },
    NOTE,
  ],
  feedback: [NOTE],
  check_result: [{ name: "passed", kind: "flag" }, { name: "photos", kind: "photos" }, NOTE],
  close: [NOTE],
  request_extension: [REASON],
  approve_extension: [NOTE],
  supervise: [NOTE],
  urge: [NOTE],
};

export interface Line {
  key: number;
  sort: "report" | "move";
  no: string;
  when: string;
  by: string;
  /** A case's or a report's paper number. */
  case: string;
  move: string;
  kind: string;
  text: string;
  address: string;
  lon: string;
  lat: string;
  params: Record<string, string | boolean | string[]>;
}

/** What names stand for. */
export interface Known {
  people: ReadonlyMap<string, string>;
  units: ReadonlyMap<string, string>;
  kinds: ReadonlyMap<string, string>;
}

export type Faults = Record<string, "required" | "badWhen" | "unknownPerson" | "unknownUnit">;

export function emptyLine(key: number, sort: Line["sort"], before?: Line): Line {
  return {
    key,
    sort,
    no: "",
    // The next step on a sheet is mostly of the same day and case.
    when: before?.when.slice(0, 11) ?? "",
    by: "",
    case: sort === "move" ? (before?.case ?? "") : "",
    move: "accept",
    kind: "",
    text: "",
    address: "",
    lon: "",
    lat: "",
    params: {},
  };
}

/** What is wrong with a line before anybody is asked. */
export function faultsOf(line: Line, known: Known): Faults {
  const faults: Faults = {};
  if (!typedTime(line.when)) faults.when = "badWhen";
  if (line.sort === "report") {
    if (!line.no.trim()) faults.no = "required";
    if (!line.text.trim() && !line.kind) faults.text = "required";
    return faults;
  }
  if (!line.case.trim()) faults.case = "required";
  for (const one of MOVES[line.move] ?? []) {
    const value = line.params[one.name];
    if (one.required && !value) faults[one.name] = "required";
    else if (one.kind === "person" && value && !known.people.has(String(value))) faults[one.name] = "unknownPerson";
    else if (one.kind === "unit" && value && !known.units.has(String(value))) faults[one.name] = "unknownUnit";
  }
  return faults;
}

/** A line as the server takes it. */
export function sent(line: Line, known: Known): Record<string, unknown> {
  const head = { no: line.no.trim(), occurred_at: typedTime(line.when), by: line.by.trim() };
  if (line.sort === "report") {
    const place =
      line.lon.trim() && line.lat.trim() ? { lon: Number(line.lon), lat: Number(line.lat) } : {};
    return {
      ...head,
      report: {
        text: line.text,
        address: line.address,
        ...(line.kind ? { kind: known.kinds.get(line.kind) ?? line.kind } : {}),
        ...place,
      },
    };
  }
  const params: Record<string, unknown> = {};
  for (const one of MOVES[line.move] ?? []) {
    const value = line.params[one.name];
    if (one.kind === "flag") params[one.name] = value === true;
    else if (value === undefined || value === "" || (Array.isArray(value) && !value.length)) continue;
    else if (one.kind === "person") params[one.name] = known.people.get(String(value));
    else if (one.kind === "unit") params[one.name] = known.units.get(String(value));
    else if (one.kind === "kind") params[one.name] = known.kinds.get(String(value)) ?? value;
    else params[one.name] = value;
  }
  return { ...head, case: line.case.trim(), move: line.move, params };
}
