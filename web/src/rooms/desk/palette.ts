/** Finding a command by a few of its letters. */
export interface Command {
  id: string;
  label: string;
  /** What it is found by besides its label: the other language, an abbreviation. */
  also?: string;
  group: string;
  key?: string;
  run(): void;
}

/** How well typed letters fit a text, 0 when they don't: whole words beat beginnings beat letters
 * in their order. */
export function fit(text: string, typed: string): number {
  const said = text.toLowerCase();
  const wanted = typed.toLowerCase();
  if (!wanted) return 1;
  const at = said.indexOf(wanted);
  if (at === 0) return 100;
  if (at > 0) return /[\s·→/]/.test(said[at - 1]!) ? 80 : 60;
  let from = 0;
  let gaps = 0;
  for (const letter of wanted.replaceAll(" ", "")) {
    const found = said.indexOf(letter, from);
    if (found < 0) return 0;
    gaps += found - from;
    from = found + 1;
  }
  return Math.max(1, 40 - gaps);
}

/** Commands for what was typed, the best first; all words must fit somewhere. */
export function ranked(commands: readonly Command[], typed: string, most = 30): Command[] {
  const words = typed.trim().split(/\s+/).filter(Boolean);
  const scored = commands.map((one, index) => {
    const whole = `${one.label} ${one.also ?? ""}`;
    const fits = words.map((word) => Math.max(fit(one.label, word), fit(one.also ?? "", word), fit(whole, word)));
    const score = fits.includes(0) ? 0 : fits.reduce((sum, n) => sum + n, 1);
    return { one, index, score };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, most)
    .map(({ one }) => one);
}
