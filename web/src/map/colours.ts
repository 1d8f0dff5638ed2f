/** Colours of the map: the page's own tokens, and what lies between two of them. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** `#rrggbb` as it is; any other word is the name of a token. */
export function colourOf(name: string): string {
  return name.startsWith("#") ? name : token(name.startsWith("--") ? name : `--${name}`) || "#888888";
}

function parts(hex: string): [number, number, number] {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, "$&$&") : hex;
  return [1, 3, 5].map((at) => parseInt(full.slice(at, at + 2), 16)) as [number, number, number];
}

/** The colour that lies `share` (0..1) of the way from one to the other. */
export function mix(from: string, to: string, share: number): string {
  const other = parts(to);
  const mixed = parts(from).map((one, at) => Math.round(one + (other[at]! - one) * share));
  return `#${mixed.map((one) => one.toString(16).padStart(2, "0")).join("")}`;
}
