export const zhPeople = { unit: "单位", post: "岗位" };
export const enPeople: typeof zhPeople = { unit: "Organisation", post: "Post" };
