/** What this installation is, asked once. */
import { useQuery } from "@tanstack/vue-query";
import { api, ask } from "@/api/client";

export function useSite() {
  return useQuery({
    queryKey: ["site"],
    queryFn: () => ask(api.GET("/api/v1/public/site")),
    staleTime: Infinity,
  });
}
