/** JSON Schemas of forms as the server gives them, and their check. */
import { Validator } from "@cfworker/json-schema";
import type { BothLanguages } from "./words";

export interface Part {
  type?: string;
  title?: string;
  "x-title"?: BothLanguages;
  "x-input"?: string;
  "x-choices"?: Choice[];
  oneOf?: Choice[];
  enum?: (string | number)[];
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  format?: string;
}

export interface Choice {
  const: string | number;
  title?: string;
  "x-title"?: BothLanguages;
  conditions?: Choice[];
  /** What speaks for or against it. */
  reasons?: BothLanguages[];
}

export interface ObjectSchema {
  type?: string;
  properties?: Record<string, Part>;
  required?: string[];
}

export type Values = Record<string, unknown>;

/** Leave out what was not filled in: an empty text is no answer. */
export function filled(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) => value !== "" && value != null && !(Array.isArray(value) && !value.length),
    ),
  );
}

/** The names of the fields at fault. */
export function faults(schema: ObjectSchema, values: Values): Set<string> {
  const given = filled(values);
  const found = new Set((schema.required ?? []).filter((name) => !(name in given)));
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    if (name in given && !new Validator(part as never).validate(given[name]).valid) found.add(name);
  }
  return found;
}
