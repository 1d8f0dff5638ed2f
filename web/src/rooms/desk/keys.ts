/** The keyboard of the desk; typing in a field and open dialogs are left alone. */
import { onBeforeUnmount, onMounted } from "vue";

export interface DeskKeys {
  step(by: 1 | -1, choosing: boolean): void;
  /** A number from 0, with or without Shift. */
  number(index: number, shifted: boolean): void;
  enter(): void;
  leave(): void;
  palette(): void;
  /** Single letters and signs. */
  letters: Record<string, () => void>;
}

/** Every key, in the order of the help; the words stand under workbench.keys. */
export const KEYS: readonly (readonly [key: string, name: string])[] = [
  ["J / K", "jk"],
  ["Shift+J / K", "shiftJk"],
  ["/", "slash"],
  ["Ctrl+K  :", "palette"],
  ["[  ]", "lanes"],
  ["T", "t"],
  ["F", "f"],
  ["Enter", "enter"],
  ["1 … 9", "numbers"],
  ["Shift+1 … 9", "shiftNumbers"],
  ["D", "d"],
  ["M", "m"],
  ["G", "g"],
  ["C", "c"],
  ["X", "x"],
  ["A", "a"],
  ["B", "b"],
  ["Ctrl+Enter", "ctrlEnter"],
  ["Z", "z"],
  ["S", "s"],
  ["N", "n"],
  ["O", "o"],
  ["Esc", "esc"],
  ["?", "help"],
];

function inDialog(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

function typing(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  return at.matches("input:not([type=checkbox]), textarea, select");
}

/** Enter on a button or a link is theirs. */
function onControl(event: KeyboardEvent): boolean {
  return (event.target as HTMLElement).matches("button, a, summary");
}

function act(keys: DeskKeys, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  const number = /^Digit([1-9])$/.exec(event.code)?.[1] ?? /^[1-9]$/.exec(key)?.[0];
  if (key === "j" || key === "arrowdown") keys.step(1, event.shiftKey);
  else if (key === "k" || key === "arrowup") keys.step(-1, event.shiftKey);
  else if (key === "enter" && !onControl(event)) keys.enter();
  else if (key === "escape") keys.leave();
  else if (key in keys.letters) keys.letters[key]!();
  else if (number) keys.number(Number(number) - 1, event.shiftKey);
  else return false;
  return true;
}

export function useDeskKeys(keys: DeskKeys): void {
  function pressed(event: KeyboardEvent): void {
    if (inDialog()) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      keys.palette();
      event.preventDefault();
      return;
    }
    if (event.key === "Escape" && (event.target as HTMLElement).matches("input[type=search]")) {
      (event.target as HTMLElement).blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
    if (act(keys, event)) event.preventDefault();
  }
  onMounted(() => document.addEventListener("keydown", pressed));
  onBeforeUnmount(() => document.removeEventListener("keydown", pressed));
}
