import { flushPromises, mount } from "@vue/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineComponent, h, ref } from "vue";
import type { Listener, LiveCase } from "@/api/stream";
import type { CaseRow, Wanted } from "@/rooms/desk/types";

const server = vi.hoisted(() => ({
  pages: [] as { items: unknown[]; next: string | null }[],
  asked: [] as Record<string, unknown>[],
  listener: null as unknown,
}));

vi.mock("@/api/client", () => ({
  ask: (answer: Promise<unknown>) => answer,
  api: {
    GET: async (path: string, init?: { params: { query: Record<string, unknown> } }) => {
      if (path.endsWith("/counts")) return { queue: {}, states: {} };
      server.asked.push(init?.params.query ?? {});
      return server.pages.shift() ?? { items: [], next: null };
    },
  },
}));
vi.mock("@/api/stream", () => ({
  listen: (_: string, listener: unknown) => {
    server.listener = listener;
    return { state: ref("live"), seenAt: ref(null), close: vi.fn() };
  },
}));

const { useQueue } = await import("@/rooms/desk/queue");

const row = (id: string, version: number, state = "handling"): CaseRow =>
  ({ id, version, state, clock: "ok" }) as CaseRow;
const live = (id: string, version: number, state: string): LiveCase =>
  ({ id, version, state, clock: "red", open: true }) as LiveCase;

async function opened(): Promise<ReturnType<typeof useQueue>> {
  let queue: ReturnType<typeof useQueue> | undefined;
  const wanted = ref({ queue: "all", state: "", kind: "", q: "", overdue: false } as Wanted);
  const inside = defineComponent({
    setup() {
      queue = useQueue(wanted, "http://stream");
      return () => h("p");
    },
  });
  mount(inside);
  await flushPromises();
  return queue!;
}

const heard = (): Listener => server.listener as Listener;

describe("the queue", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    server.asked.length = 0;
    server.pages = [{ items: [row("a", 3), row("b", 5)], next: "c1" }];
  });

  it("takes a newer version from the stream, and leaves an older one", async () => {
    const queue = await opened();
    heard().changed(live("a", 4, "pending_check"));
    heard().changed(live("b", 5, "closed"));
    expect(queue.rows.value.map((one) => one.state)).toEqual(["pending_check", "handling"]);
    expect(queue.rows.value[0]?.clock).toBe("red");
  });

  it("asks once for many new cases", async () => {
    await opened();
    for (const id of ["x", "y", "z"]) heard().changed(live(id, 1, "pending_accept"));
    expect(server.asked).toHaveLength(1);
    vi.advanceTimersByTime(5000);
    await flushPromises();
    expect(server.asked).toHaveLength(2);
  });

  it("lets go of what is gone, and fetches afresh when told to", async () => {
    const queue = await opened();
    heard().gone("a");
    expect(queue.rows.value.map((one) => one.id)).toEqual(["b"]);
    server.pages = [{ items: [row("n", 1)], next: null }];
    heard().reset();
    await flushPromises();
    expect(queue.rows.value.map((one) => one.id)).toEqual(["n"]);
  });

  it("goes on from the cursor without showing a case twice", async () => {
    const queue = await opened();
    server.pages = [{ items: [row("b", 5), row("c", 1)], next: null }];
    await queue.more();
    expect(server.asked.at(-1)?.cursor).toBe("c1");
    expect(queue.rows.value.map((one) => one.id)).toEqual(["a", "b", "c"]);
    expect(queue.hasMore.value).toBe(false);
  });
});
