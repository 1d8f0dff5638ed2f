import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/map",
    component: () => import("@/rooms/around/AroundPage.vue"),
    meta: { title: "around.title", nav: { label: "around.nav", order: 84, everybody: true } },
  },
  {
    path: "/moderation",
    component: () => import("@/rooms/moderation/ModerationPage.vue"),
    meta: {
      staff: true,
      title: "moderation.title",
      nav: { label: "moderation.nav", order: 40, posts: ["acceptor", "shift_leader"] },
    },
  },
];
