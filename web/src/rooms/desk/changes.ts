/** What others did to a case since it was last looked at. */
import type { Schemas } from "@/api/client";
import type { BothLanguages } from "@/ui/words";

type Item = Schemas["TimelineItem"];

/** The sentences added to a timeline, newest last; both lists are in time's order. */
export function added(before: readonly Item[], after: readonly Item[]): BothLanguages[] {
  const known = new Set(before.map((one) => `${one.at} ${one.move}`));
  return after.filter((one) => !known.has(`${one.at} ${one.move}`)).map((one) => one.text);
}
