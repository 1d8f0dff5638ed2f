/** Names of states and marks of posts, in the words of the glossary. */
const NAMES: Record<string, [string, string]> = {
  draft: ["草稿", "Draft"],
  reported: ["已上报", "Reported"],
  pending_accept: ["待受理", "To accept"],
  verifying: ["核实中", "Verifying"],
  pending_file: ["待立案", "To file"],
  rejected: ["不予受理", "Not accepted"],
  pending_dispatch: ["待派遣", "To dispatch"],
  pending_handle: ["待处置", "To handle"],
  handling: ["处置中", "Handling"],
  suspended: ["挂账中", "Suspended"],
  returned: ["回退中", "Returned"],
  handled: ["待部门确认", "To confirm"],
  pending_check: ["待核查", "To check"],
  checking: ["核查中", "Checking"],
  pending_close: ["待结案", "To close"],
  closed: ["结案", "Closed"],
  force_closed: ["强制结案", "Force-closed"],
  voided: ["作废", "Void"],
  archived: ["归档", "Archived"],
  merged: ["已并案", "Merged"],
};

export const OPEN_STATES = [
  "pending_accept",
  "verifying",
  "pending_file",
  "pending_dispatch",
  "pending_handle",
  "handling",
  "suspended",
  "returned",
  "handled",
  "pending_check",
  "checking",
  "pending_close",
];

export function stateName(state: string, locale: string): string {
  const found = NAMES[state];
  return found ? found[locale === "en" ? 1 : 0] : state;
}
