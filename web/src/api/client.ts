/** The only way to the server: typed by the OpenAPI description, errors as problem details. */
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Text = { zh: string; en: string };

export interface FieldError {
  field: string;
  reason: string;
  code: string;
}

/** A refusal of the server, or of the line to it (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: FieldError[] = [],
    readonly reason: Text | null = null,
  ) {
    super(detail);
  }
}

function cookie(name: string): string {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** What `fetch` must carry for the server to believe that our own page sends it. */
export function csrfHeader(): Record<string, string> {
  return { "X-CSRFToken": cookie("csrftoken") };
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-CSRFToken", cookie("csrftoken"));
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: "" });
api.use(guard);

export function problemOf(status: number, body: unknown): Problem {
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  return new Problem(
    status,
    String(said.code ?? "unknown"),
    String(said.detail ?? ""),
    (said.errors as FieldError[] | undefined) ?? [],
    (said.reason as Text | undefined) ?? null,
  );
}

let expired: () => void = () => undefined;

/** What to do when the server no longer knows who asks. */
export function onExpired(act: () => void): void {
  expired = act;
}

/** The data of an answer, or the problem thrown. */
export async function ask<T>(
  answer: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let got;
  try {
    got = await answer;
  } catch {
    throw new Problem(0, "offline", "");
  }
  if (got.response.status === 401) expired();
  if (!got.response.ok) throw problemOf(got.response.status, got.error);
  return got.data as T;
}

/** Upload one photo; `door` is the path that takes it. */
export async function upload(door: string, file: Blob): Promise<Schemas["UploadOut"]> {
  const form = new FormData();
  form.append("file", file, "photo.jpg");
  let response: Response;
  try {
    response = await fetch(door, { method: "POST", body: form, headers: csrfHeader() });
  } catch {
    throw new Problem(0, "offline", "");
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.status === 401) expired();
  if (!response.ok) throw problemOf(response.status, body);
  return body as Schemas["UploadOut"];
}
