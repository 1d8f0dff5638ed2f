/** Commands that need a second factor in this session: asked for once, then tried again. */
import { ref } from "vue";
import { Problem } from "./client";

const STRONG = new Set(["second_factor", "second_factor_required"]);

/** Set while somebody waits for a code; the shell shows the dialog. */
export const wanted = ref<{ shown(verified: boolean): void } | null>(null);

/** Do it; when the server wants a second factor first, ask for the code and do it again. */
export async function strongly<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (problem) {
    if (!(problem instanceof Problem) || !STRONG.has(problem.code)) throw problem;
    const verified = await new Promise<boolean>((shown) => {
      wanted.value = { shown };
    });
    wanted.value = null;
    if (!verified) throw problem;
    return act();
  }
}
