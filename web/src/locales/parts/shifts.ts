export const zhShifts = { x: "" };
export const enShifts: typeof zhShifts = { x: "" };
