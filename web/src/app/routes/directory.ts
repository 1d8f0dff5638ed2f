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
  {
    path: "/shifts",
    component: () => import("@/rooms/shifts/ShiftsPage.vue"),
    meta: {
      staff: true,
      title: "directory.nav.shifts",
      nav: {
        label: "directory.nav.shifts",
        order: 40,
        posts: ["acceptor", "shift_leader", "dispatcher", "department", "handler", "leader"],
      },
    },
  },
  {
    path: "/shifts/:id/print",
    component: () => import("@/rooms/shifts/BookPage.vue"),
    meta: { staff: true, bare: true, title: "directory.shifts.book" },
  },
  {
    path: "/organisations/:id?",
    component: () => import("@/rooms/people/OrganisationsPage.vue"),
    meta: {
      staff: true,
      title: "directory.nav.organisations",
      nav: {
        label: "directory.nav.organisations",
        order: 60,
        posts: ["system_admin", "security_admin", "audit_admin", "leader"],
      },
    },
  },
  {
    path: "/users/:id?",
    component: () => import("@/rooms/people/UsersPage.vue"),
    meta: {
      staff: true,
      title: "directory.nav.users",
      nav: {
        label: "directory.nav.users",
        order: 61,
        posts: ["system_admin", "security_admin", "audit_admin"],
      },
    },
  },
];
