/** What the bar offers: routes with `meta.nav`, to those whose post they are for. */
import { computed, type ComputedRef } from "vue";
import { useRouter } from "vue-router";
import { session } from "@/api/session";

declare module "vue-router" {
  interface RouteMeta {
    /** Only for who is signed in. */
    staff?: boolean;
    /** Fills the window; scrolls inside. */
    wide?: boolean;
    /** Without the bar: a page to print, a window of its own. */
    bare?: boolean;
    /** Key of the page's name. */
    title?: string;
    nav?: {
      /** Key of the link's words. */
      label: string;
      /** Ascending from the left. */
      order: number;
      /** Also for who is not signed in. */
      everybody?: boolean;
      /** Only for people with one of these posts; for all when it is missing. */
      posts?: readonly string[];
    };
  }
}

export interface Place {
  to: string;
  label: string;
}

export function usePlaces(): ComputedRef<Place[]> {
  const router = useRouter();
  return computed(() => {
    const inside = session.value !== null;
    const held = new Set(session.value?.user.posts.map((one) => one.post));
    return router
      .getRoutes()
      .filter((route) => inside || !route.meta.staff)
      .flatMap((route) => (route.meta.nav ? [{ path: route.path, ...route.meta.nav }] : []))
      .filter((one) => one.everybody || !one.posts || one.posts.some((post) => held.has(post)))
      .sort((one, other) => one.order - other.order)
      .map((one) => ({ to: one.path.replace(/\/:.*$/, ""), label: one.label }));
  });
}
