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
  /** The number of the case near by that is the same. */
  joins: string;
  /** Sent without a line: it goes again, once, when the line is back. */
  waiting: boolean;
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
    joins: "",
    waiting: false,
  };
}

/** What is never kept on the device. */
const UNKEPT = () => ({ name: "", phone: "", email: "", tell: false });

export function useDraft(): { draft: Draft; clear(): void } {
  let kept: Partial<Draft> = {};
  try {
    kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Draft>;
  } catch {
    localStorage.removeItem(KEPT);
  }
  // How to reach somebody is kept only while a report waits: sent again, it has to be the same.
  const draft = reactive<Draft>({ ...fresh(), ...kept, ...(kept.waiting ? {} : UNKEPT()) });
  if (!draft.waiting) draft.photos = [];
  watch(draft, () => {
    localStorage.setItem(KEPT, JSON.stringify({ ...draft, ...(draft.waiting ? {} : UNKEPT()) }));
  });
  return {
    draft,
    clear() {
      Object.assign(draft, fresh());
      localStorage.removeItem(KEPT);
    },
  };
}

/** A place that the page's address names, in degrees; null when it names none. */
export function placeOf(
  query: Record<string, unknown>,
): { lon: number; lat: number; address: string } | null {
  const { lon, lat, address } = query;
  if (typeof lon !== "string" || typeof lat !== "string" || !lon || !lat) return null;
  const at = { lon: Number(lon), lat: Number(lat) };
  if (!(Math.abs(at.lon) <= 180 && Math.abs(at.lat) <= 90)) return null;
  return { ...at, address: typeof address === "string" ? address.slice(0, 200) : "" };
}
