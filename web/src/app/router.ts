import { createRouter, createWebHistory } from "vue-router";
import { onExpired } from "@/api/client";
import { loadSession, session } from "@/api/session";
import { routes as designRoutes } from "./routes/design";
import { routes as componentsRoutes } from "./routes/components";
import { routes as deskRoutes } from "./routes/desk";
import { routes as directoryRoutes } from "./routes/directory";
import { routes as evaluationRoutes } from "./routes/evaluation";
import { routes as homeRoutes } from "./routes/home";
import { routes as noticesRoutes } from "./routes/notices";
import { routes as onemapRoutes } from "./routes/onemap";
import { routes as paperRoutes } from "./routes/paper";
import { routes as publicRoutes } from "./routes/public";
import { routes as registerRoutes } from "./routes/register";
import { routes as layersRoutes } from "./routes/layers";
import { routes as signalsRoutes } from "./routes/signals";
import { routes as solidRoutes } from "./routes/solid";

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
      meta: { staff: true, wide: true, title: "desk.title", nav: { label: "nav.desk", order: 10 } },
    },
    {
      path: "/report",
      component: () => import("@/rooms/report/ReportPage.vue"),
      meta: { title: "report.title", nav: { label: "nav.report", order: 80, everybody: true } },
    },
    {
      path: "/track/:code?",
      component: () => import("@/rooms/track/TrackPage.vue"),
      meta: { title: "track.title", nav: { label: "nav.track", order: 82, everybody: true } },
    },
    ...componentsRoutes,
    ...designRoutes,
    ...deskRoutes,
    ...directoryRoutes,
    ...evaluationRoutes,
    ...homeRoutes,
    ...noticesRoutes,
    ...onemapRoutes,
    ...paperRoutes,
    ...publicRoutes,
    ...registerRoutes,
    ...layersRoutes,
    ...signalsRoutes,
    ...solidRoutes,
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
