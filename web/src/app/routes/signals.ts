import type { RouteRecordRaw } from "vue-router";

const ANSWERING = ["shift_leader", "dispatcher", "leader", "acceptor", "department", "system_admin"];
const DECIDING = ["shift_leader", "leader", "system_admin"];

export const routes: RouteRecordRaw[] = [
  {
    path: "/signals/:id?",
    component: () => import("@/rooms/signals/SignalsPage.vue"),
    meta: {
      staff: true,
      title: "signals.title",
      nav: { label: "signals.title", order: 20, posts: ANSWERING },
    },
  },
  {
    path: "/senses",
    component: () => import("@/rooms/senses/SensesPage.vue"),
    meta: {
      staff: true,
      title: "senses.title",
      nav: { label: "senses.title", order: 57, posts: ANSWERING },
    },
  },
  {
    path: "/senses/new",
    component: () => import("@/rooms/senses/NewThingPage.vue"),
    meta: { staff: true, title: "senses.add" },
  },
  {
    path: "/senses/shares",
    component: () => import("@/rooms/senses/SharesPage.vue"),
    meta: { staff: true, title: "senses.shares" },
  },
  {
    path: "/senses/siting",
    component: () => import("@/rooms/senses/SitingPage.vue"),
    meta: { staff: true, title: "senses.siting" },
  },
  {
    path: "/senses/things/:code",
    component: () => import("@/rooms/senses/ThingPage.vue"),
    meta: { staff: true, title: "senses.one" },
  },
  {
    path: "/senses/streams/:no(\\d+)",
    component: () => import("@/rooms/senses/StreamPage.vue"),
    meta: { staff: true, title: "senses.stream" },
  },
  {
    path: "/rules",
    component: () => import("@/rooms/rules/RulesPage.vue"),
    meta: {
      staff: true,
      title: "rules.title",
      nav: { label: "rules.title", order: 70, posts: DECIDING },
    },
  },
  {
    path: "/rules/:id",
    component: () => import("@/rooms/rules/RulePage.vue"),
    meta: { staff: true, title: "rules.one" },
  },
  {
    path: "/packs/:name?",
    component: () => import("@/rooms/packs/PacksPage.vue"),
    meta: {
      staff: true,
      title: "packs.title",
      nav: { label: "packs.title", order: 72, posts: DECIDING },
    },
  },
  {
    path: "/packs/:name/dashboards/:id",
    component: () => import("@/rooms/packs/DashboardPage.vue"),
    meta: { staff: true, title: "packs.dashboard" },
  },
];
