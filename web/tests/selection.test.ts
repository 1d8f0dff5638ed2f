import { expect, test } from "vitest";
import { nextTick, ref } from "vue";
import { useWhenThere } from "@/rooms/desk/selection";

function desk() {
  const active = ref<string | null>("a");
  const there = ref<string | null>("a");
  const failed = ref<unknown>(null);
  const done: string[] = [];
  const act = useWhenThere(active, there, failed);
  return { active, there, failed, done, press: (name: string) => act(() => done.push(`${name}@${there.value}`)) };
}

test("a key on a case that is there acts at once", () => {
  const { done, press } = desk();
  press("1");
  expect(done).toEqual(["1@a"]);
});

test("keys pressed before the case is there wait for it and never act on the one before", async () => {
  const { active, there, done, press } = desk();
  active.value = "b";
  press("d");
  press("1");
  expect(done).toEqual([]);
  there.value = "b";
  await nextTick();
  expect(done).toEqual(["d@b", "1@b"]);
});

test("going on to another case drops them, as does a case that cannot be fetched", async () => {
  const { active, there, failed, done, press } = desk();
  active.value = "b";
  press("1");
  active.value = "c";
  press("2");
  failed.value = new Error("gone");
  await nextTick();
  there.value = "c";
  await nextTick();
  expect(done).toEqual([]);
});
