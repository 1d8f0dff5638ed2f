/** Light or dark: the system's wish until the reader chooses. */
import { ref, watchEffect } from "vue";

const KEPT = "cy.theme";
export type Theme = "light" | "dark";

function first(): Theme {
  const kept = localStorage.getItem(KEPT);
  if (kept === "light" || kept === "dark") return kept;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export const theme = ref<Theme>(first());
watchEffect(() => {
  document.documentElement.dataset.theme = theme.value;
});

export function toggleTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  localStorage.setItem(KEPT, theme.value);
}

/** One thumb or a mouse: the size of words and targets follows the window. */
const narrow = matchMedia("(max-width: 720px)");
function resize(): void {
  if (narrow.matches) document.documentElement.dataset.size = "phone";
  else delete document.documentElement.dataset.size;
}
narrow.addEventListener("change", resize);
resize();
