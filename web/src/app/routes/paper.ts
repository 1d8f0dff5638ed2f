import type { RouteRecordRaw } from "vue-router";

const DESKS = ["acceptor", "shift_leader", "dispatcher", "department"];

export const routes: RouteRecordRaw[] = [
  {
    path: "/paper",
    component: () => import("@/rooms/paper/PaperPage.vue"),
    meta: { staff: true, title: "paper.title", nav: { label: "paper.nav", order: 70, posts: DESKS } },
  },
  {
    path: "/paper/entry",
    component: () => import("@/rooms/paper/EntryPage.vue"),
    meta: { staff: true, title: "paper.entry.title" },
  },
  {
    path: "/paper/list",
    component: () => import("@/rooms/paper/ListSheet.vue"),
    meta: { staff: true, bare: true, title: "paper.list.title" },
  },
  {
    path: "/paper/blank",
    component: () => import("@/rooms/paper/BlankSheet.vue"),
    meta: { staff: true, bare: true, title: "paper.blank.title" },
  },
  {
    path: "/paper/case/:id",
    component: () => import("@/rooms/paper/CaseSheet.vue"),
    meta: { staff: true, bare: true, title: "paper.sheet.title" },
  },
];
