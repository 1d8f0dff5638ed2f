import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/notices",
    component: () => import("@/rooms/notices/NoticesPage.vue"),
    meta: { staff: true, title: "notices.title" },
  },
  {
    path: "/notices/settings",
    component: () => import("@/rooms/notices/NoticeSettings.vue"),
    meta: { staff: true, title: "notices.settings" },
  },
  {
    path: "/notices/log",
    component: () => import("@/rooms/notices/NoticeLog.vue"),
    meta: { staff: true, title: "notices.log" },
  },
];
