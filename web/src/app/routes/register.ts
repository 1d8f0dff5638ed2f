import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/places/addresses",
    component: () => import("@/rooms/register/AddressesPage.vue"),
    meta: {
      staff: true,
      title: "register.title",
      nav: {
        label: "register.nav",
        order: 52,
        posts: ["collector", "shift_leader", "dispatcher", "leader", "system_admin"],
      },
    },
  },
  {
    path: "/places/addresses/:id",
    component: () => import("@/rooms/register/AddressPage.vue"),
    meta: { staff: true, title: "register.title" },
  },
  {
    path: "/places/changes/:id",
    component: () => import("@/rooms/register/ChangeSetPage.vue"),
    meta: { staff: true, title: "register.changes.title" },
  },
];
