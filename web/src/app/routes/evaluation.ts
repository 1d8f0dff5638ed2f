import type { RouteRecordRaw } from "vue-router";

const POSTS = ["evaluator", "leader", "shift_leader", "department"] as const;

export const routes: RouteRecordRaw[] = [
  {
    path: "/evaluation",
    component: () => import("@/rooms/evaluation/EvaluationPage.vue"),
    meta: {
      staff: true,
      title: "evaluation.title",
      nav: { label: "evaluation.title", order: 40, posts: POSTS },
    },
  },
  {
    path: "/evaluation/findings",
    component: () => import("@/rooms/evaluation/FindingsPage.vue"),
    meta: { staff: true, title: "evaluation.findings.title" },
  },
  {
    path: "/evaluation/published/:id?",
    component: () => import("@/rooms/evaluation/PublishedPage.vue"),
    meta: { staff: true, title: "evaluation.published.title" },
  },
];
