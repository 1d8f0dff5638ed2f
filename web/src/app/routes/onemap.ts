import type { RouteRecordRaw } from "vue-router";

/** Open to everybody; the bar offers it to who works here, residents have a map of their own. */
const POSTS = [
  ...["collector", "acceptor", "shift_leader", "dispatcher", "evaluator", "leader"],
  ...["department", "handler", "system_admin"],
];

export const routes: RouteRecordRaw[] = [
  {
    path: "/places/map",
    component: () => import("@/rooms/onemap/OneMapPage.vue"),
    meta: { wide: true, title: "onemap.title", nav: { label: "onemap.title", order: 54, posts: POSTS } },
  },
  {
    path: "/places/map/print",
    component: () => import("@/rooms/onemap/PrintPage.vue"),
    meta: { bare: true, title: "onemap.print" },
  },
];
