/** The keyboard of the desk; typing in a field and open dialogs are left alone. */
import { onBeforeUnmount, onMounted } from "vue";

export interface DeskKeys {
  step(by: 1 | -1): void;
  find(): void;
  move(index: number): void;
  choose(): void;
  enter(): void;
  leave(): void;
  create(): void;
  help(): void;
}

function busyElsewhere(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    at.matches("input:not([type=checkbox]), textarea, select") ||
    document.querySelector("dialog[open]") !== null
  );
}

/** Enter on a button or a link is theirs. */
function onControl(event: KeyboardEvent): boolean {
  return (event.target as HTMLElement).matches("button, a, summary");
}

export function useDeskKeys(keys: DeskKeys): void {
  function pressed(event: KeyboardEvent): void {
    if (event.key === "Escape" && (event.target as HTMLElement).matches("input[type=search]")) {
      (event.target as HTMLElement).blur();
      return;
    }
    if (busyElsewhere(event)) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "arrowdown") keys.step(1);
    else if (key === "k" || key === "arrowup") keys.step(-1);
    else if (key === "/") keys.find();
    else if (key === "x") keys.choose();
    else if (key === "enter" && !onControl(event)) keys.enter();
    else if (key === "escape") keys.leave();
    else if (key === "n") keys.create();
    else if (key === "?") keys.help();
    else if (/^[1-9]$/.test(key)) keys.move(Number(key) - 1);
    else return;
    event.preventDefault();
  }
  onMounted(() => document.addEventListener("keydown", pressed));
  onBeforeUnmount(() => document.removeEventListener("keydown", pressed));
}
