/** People from the server. */
import { api, ask, type Schemas } from "@/api/client";

export type Person = Schemas["UserOut"];
export type Link = Schemas["LinkOut"];

export async function usersOf(organisation: string): Promise<Person[]> {
  const query = { organisation, limit: 200 };
  return (await ask(api.GET("/api/v1/users", { params: { query } }))).items;
}

export async function page(query: { q: string; post: string; cursor: string }): Promise<{ items: Person[]; next: string | null }> {
  const found = await ask(api.GET("/api/v1/users", { params: { query: { ...query, limit: 100 } } }));
  return { items: found.items, next: found.next ?? null };
}
