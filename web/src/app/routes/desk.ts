import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/desk/map",
    component: () => import("@/rooms/desk/MapPage.vue"),
    meta: { staff: true, wide: true, bare: true, title: "workbench.map.title" },
  },
];
