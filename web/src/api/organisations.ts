/** Every organisation in sight, and who may do what with the directory. */
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { api, ask, type Schemas } from "./client";
import { session } from "./session";

export type Organisation = Schemas["OrganisationOut"];

/** In the order in which a screen names them. */
export const POSTS = [
  "collector",
  "acceptor",
  "shift_leader",
  "dispatcher",
  "department",
  "handler",
  "evaluator",
  "leader",
  "system_admin",
  "security_admin",
  "audit_admin",
] as const;
export const KINDS = [
  "ops_center",
  "supervision_center",
  "command_center",
  "department",
  "committee",
  "company",
] as const;

export async function allOrganisations(): Promise<Organisation[]> {
  const found: Organisation[] = [];
  let cursor = "";
  do {
    const query = { cursor, limit: 200 };
    const page = await ask(api.GET("/api/v1/orgs", { params: { query } }));
    found.push(...page.items);
    cursor = page.next ?? "";
  } while (cursor && found.length < 20_000);
  return found;
}

export function useOrganisations() {
  return useQuery({ queryKey: ["orgs"], queryFn: allOrganisations, staleTime: 60_000 });
}

/** Whether the person holds one of the posts, over the whole city if asked. */
export function holds(posts: readonly string[], wholeCity = false): boolean {
  return (session.value?.user.posts ?? []).some(
    (one) => posts.includes(one.post) && (!wholeCity || one.area.level === "city"),
  );
}

export function useHolds(posts: readonly string[], wholeCity = false) {
  return computed(() => holds(posts, wholeCity));
}
