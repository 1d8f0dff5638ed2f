/** The resident's draft: kept on the device until it was sent, with the key that makes it one. */
import { reactive, watch } from "vue";

const KEPT = "cy.report.draft";

export interface Draft {
  key: string;
  text: string;
  kind: string;
  lon: number | null;
  lat: number | null;
  address: string;
  photos: string[];
  name: string;
  phone: string;
  email: string;
  tell: boolean;
}

function fresh(): Draft {
  return {
    key: crypto.randomUUID(),
    text: "",
    kind: "",
    lon: null,
    lat: null,
    address: "",
    photos: [],
    name: "",
    phone: "",
    email: "",
    tell: false,
  };
}

/** What is never kept on the device. */
const UNKEPT = () => ({ photos: [], name: "", phone: "", email: "", tell: false });

export function useDraft(): { draft: Draft; clear(): void } {
  let kept: Partial<Draft> = {};
  try {
    kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Draft>;
  } catch {
    localStorage.removeItem(KEPT);
  }
  // Photos that were uploaded belong to the server's day; how to reach somebody is not kept.
  const draft = reactive<Draft>({ ...fresh(), ...kept, ...UNKEPT() });
  watch(draft, () => {
    localStorage.setItem(KEPT, JSON.stringify({ ...draft, ...UNKEPT() }));
  });
  return {
    draft,
    clear() {
      Object.assign(draft, fresh());
      localStorage.removeItem(KEPT);
    },
  };
}
