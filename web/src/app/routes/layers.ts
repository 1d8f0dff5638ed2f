import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/places/layers",
    component: () => import("@/rooms/layers/LayersPage.vue"),
    meta: {
      staff: true,
      title: "layers.title",
      nav: { label: "layers.title", order: 76, posts: ["system_admin", "leader"] },
    },
  },
];
