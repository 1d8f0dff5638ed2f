export const zhPeople = { x: "" };
export const enPeople: typeof zhPeople = { x: "" };
