import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/duties/:id?",
    component: () => import("@/rooms/duties/DutiesPage.vue"),
    meta: {
      staff: true,
      title: "directory.nav.duties",
      nav: {
        label: "directory.nav.duties",
        order: 50,
        posts: ["dispatcher", "shift_leader", "leader", "evaluator", "system_admin"],
      },
    },
  },
];
