import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/design",
    component: () => import("@/rooms/design/DesignPage.vue"),
    meta: { title: "design.title" },
  },
];
