/** Everything the map shows, as the page's address holds it: a link shows somebody else the same. */
import type { LocationQuery } from "vue-router";

export type Side = "both" | "a" | "b";
export type Split = "" | "swipe" | "beside";

export interface Held {
  id: string;
  opacity: number;
  side: Side;
}

export interface MapState {
  view: { lon: number; lat: number; zoom: number } | null;
  /** Uppermost first; null: as the packs say. */
  layers: Held[] | null;
  /** Layers as they were on this day, and on the other side of a split. */
  at: string;
  atB: string;
  split: Split;
  /** Where the swipe stands, in hundredths from the left. */
  swipe: number;
  picked: [number, number] | null;
  list: boolean;
  /** Days of the replay, both included; empty without one. */
  since: string;
  until: string;
}

export const FRESH: MapState = {
  view: null,
  layers: null,
  at: "",
  atB: "",
  split: "",
  swipe: 50,
  picked: null,
  list: false,
  since: "",
  until: "",
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function numbers(said: string, by: string, many: number): number[] | null {
  const found = said.split(by).map(Number);
  return found.length === many && found.every((one, at) => Number.isFinite(one) && said.split(by)[at] !== "") ? found : null;
}

function placed(lon: number, lat: number): boolean {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
}

function held(said: string): Held | null {
  const [id = "", ...marks] = said.split("*");
  if (!/^[\w:.-]{1,120}$/.test(id)) return null;
  const one: Held = { id, opacity: 1, side: "both" };
  for (const mark of marks) {
    if (mark === "a" || mark === "b") one.side = mark;
    else if (mark !== "" && Number(mark) >= 0 && Number(mark) <= 100) one.opacity = Number(mark) / 100;
  }
  return one;
}

/** The state in an address; what makes no sense there is as if it were not said. */
export function stateOf(query: LocationQuery): MapState {
  const text = (name: string): string => {
    const value = query[name];
    return typeof value === "string" ? value : "";
  };
  const day = (name: string): string => (DAY.test(text(name)) ? text(name) : "");
  const view = numbers(text("m"), "/", 3);
  const picked = numbers(text("p"), ",", 2);
  const [split, swipe] = text("split").split("*");
  const [since, until] = [day("from"), day("to")];
  return {
    view: view && placed(view[2]!, view[1]!) ? { zoom: Math.min(22, Math.max(0, view[0]!)), lat: view[1]!, lon: view[2]! } : null,
    layers:
      typeof query.l === "string"
        ? text("l").split(",").map(held).filter((one) => one !== null)
        : null,
    at: day("at"),
    atB: day("atb"),
    split: split === "swipe" || split === "beside" ? split : "",
    swipe: swipe && Number(swipe) >= 0 && Number(swipe) <= 100 ? Number(swipe) : 50,
    picked: picked && placed(picked[0]!, picked[1]!) ? [picked[0]!, picked[1]!] : null,
    list: text("list") === "1",
    since: since && until && since <= until ? since : "",
    until: since && until && since <= until ? until : "",
  };
}

/** Only what differs from a fresh map: the address stays short. */
export function queryOf(state: MapState): Record<string, string> {
  const query: Record<string, string> = {};
  if (state.view) query.m = [state.view.zoom, state.view.lat, state.view.lon].join("/");
  if (state.layers) {
    query.l = state.layers
      .map((one) =>
        [one.id, ...(one.opacity < 1 ? [Math.round(one.opacity * 100)] : []), ...(one.side === "both" ? [] : [one.side])].join("*"),
      )
      .join(",");
  }
  if (state.at) query.at = state.at;
  if (state.atB) query.atb = state.atB;
  if (state.split) query.split = state.split === "swipe" ? `swipe*${Math.round(state.swipe)}` : state.split;
  if (state.picked) query.p = state.picked.map((one) => Math.round(one * 1e6) / 1e6).join(",");
  if (state.list) query.list = "1";
  if (state.since) {
    query.from = state.since;
    query.to = state.until;
  }
  return query;
}

/** A layer one place up (-1) or down (1) in the order. */
export function shifted(layers: readonly Held[], id: string, by: -1 | 1): Held[] {
  const from = layers.findIndex((one) => one.id === id);
  const to = from + by;
  const out = [...layers];
  if (from < 0 || to < 0 || to >= out.length) return out;
  [out[from], out[to]] = [out[to]!, out[from]!];
  return out;
}
