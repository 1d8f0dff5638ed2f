import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/places/map",
    component: () => import("@/rooms/onemap/OneMapPage.vue"),
    meta: { wide: true, title: "onemap.title", nav: { label: "onemap.title", order: 54 } },
  },
  {
    path: "/places/map/print",
    component: () => import("@/rooms/onemap/PrintPage.vue"),
    meta: { bare: true, title: "onemap.print" },
  },
];
