import { createRouter, createWebHistory } from "vue-router";
import { loadSession, session } from "@/api/session";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", component: () => import("@/rooms/home/HomePage.vue") },
    { path: "/signin", component: () => import("@/rooms/signin/SignInPage.vue") },
    {
      path: "/desk/:id?",
      component: () => import("@/rooms/desk/DeskPage.vue"),
      meta: { staff: true, wide: true },
    },
    { path: "/report", component: () => import("@/rooms/report/ReportPage.vue") },
    { path: "/track/:code?", component: () => import("@/rooms/track/TrackPage.vue") },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
});

router.beforeEach(async (to) => {
  if (!to.meta.staff || session.value) return true;
  if (await loadSession()) return true;
  return { path: "/signin", query: { next: to.fullPath } };
});
