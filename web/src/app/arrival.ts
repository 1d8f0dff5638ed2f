/** What happens when a page is arrived at: the window's title, and the focus for screen readers. */
import { nextTick, watch } from "vue";
import { useI18n } from "vue-i18n";
import { useRoute, useRouter } from "vue-router";

export function useArrival(): void {
  const { t, locale } = useI18n();
  const route = useRoute();
  const router = useRouter();

  function entitle(): void {
    const own = typeof route.meta.title === "string" ? `${t(route.meta.title)} · ` : "";
    document.title = own + t("app.full");
  }
  watch(() => route.meta.title, entitle, { immediate: true });
  watch(locale, entitle);

  router.afterEach(async (to, from) => {
    // Another case on the same desk is no new page; nor is the very first one.
    if (!from.matched.length || to.matched[0] === from.matched[0]) return;
    await nextTick();
    const main = document.getElementById("main");
    if (!main?.contains(document.activeElement)) main?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  });
}
