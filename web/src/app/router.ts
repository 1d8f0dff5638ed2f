import { createRouter, createWebHistory } from "vue-router";
import { onExpired } from "@/api/client";
import { loadSession, session } from "@/api/session";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", component: () => import("@/rooms/home/HomePage.vue") },
    { path: "/signin", component: () => import("@/rooms/signin/SignInPage.vue"), meta: { title: "signIn.title" } },
    {
      path: "/account",
      component: () => import("@/rooms/account/AccountPage.vue"),
      meta: { staff: true, title: "account.title" },
    },
    {
      path: "/desk/:id?",
      component: () => import("@/rooms/desk/DeskPage.vue"),
      meta: { staff: true, wide: true, title: "desk.title" },
    },
    { path: "/report", component: () => import("@/rooms/report/ReportPage.vue"), meta: { title: "report.title" } },
    { path: "/track/:code?", component: () => import("@/rooms/track/TrackPage.vue"), meta: { title: "track.title" } },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
});

router.beforeEach(async (to) => {
  if (!to.meta.staff || session.value) return true;
  if (await loadSession()) return true;
  return { path: "/signin", query: { next: to.fullPath } };
});

// A session that ends while somebody works: sign in, then back to the same case.
onExpired(() => {
  const here = router.currentRoute.value;
  if (!here.meta.staff || !session.value) return;
  session.value = null;
  void router.push({ path: "/signin", query: { next: here.fullPath, expired: "1" } });
});
