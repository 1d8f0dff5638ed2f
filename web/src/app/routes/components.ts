import type { RouteRecordRaw } from "vue-router";

const POSTS = ["collector", "handler", "department", "shift_leader", "dispatcher", "leader", "system_admin"];

export const routes: RouteRecordRaw[] = [
  {
    path: "/places/components",
    component: () => import("@/rooms/components/ComponentsPage.vue"),
    meta: {
      staff: true,
      title: "components.title",
      nav: { label: "components.title", order: 56, posts: POSTS },
    },
  },
  {
    path: "/places/components/:id",
    component: () => import("@/rooms/components/ComponentPage.vue"),
    meta: { staff: true, title: "components.one" },
  },
  {
    path: "/places/census/:id?",
    component: () => import("@/rooms/components/CensusPage.vue"),
    meta: { staff: true, title: "components.census" },
  },
  {
    path: "/component/:id",
    component: () => import("@/rooms/components/ScannedPage.vue"),
    meta: { title: "components.one" },
  },
];
