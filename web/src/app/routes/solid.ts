import type { RouteRecordRaw } from "vue-router";

const POSTS = ["dispatcher", "shift_leader", "department", "handler", "leader", "system_admin"];

export const routes: RouteRecordRaw[] = [
  {
    path: "/places/solid",
    component: () => import("@/rooms/solid/SolidPage.vue"),
    meta: {
      staff: true,
      wide: true,
      title: "solid.title",
      nav: { label: "solid.title", order: 58, posts: POSTS },
    },
  },
];
