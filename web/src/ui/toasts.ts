/** Short messages at the page's edge; spoken by screen readers. */
import { ref } from "vue";

export interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

export const toasts = ref<Toast[]>([]);
let last = 0;

export function toast(text: string, bad = false): void {
  const id = ++last;
  toasts.value = [...toasts.value, { id, text, bad }];
  window.setTimeout(() => dismiss(id), bad ? 9000 : 4000);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}
