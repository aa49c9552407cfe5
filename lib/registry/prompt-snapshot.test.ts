import { expect, test } from "vitest";
import { PromptSnapshot, type SnapshotLimits } from "./prompt-snapshot.ts";
import type { MissingReason, ServedPrompt } from "./served-prompt.ts";

const prompt = (generation: number, size = 10): ServedPrompt => ({
  body: `body ${generation}`,
  etag: `"${generation}"`,
  size,
  generation,
});

function promiseToKeep(): { promise: Promise<void>; resolve: () => void } {
  let keep: (() => void) | null = null;
  const promise = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { promise, resolve: () => keep?.() };
}

/** A database that answers when the test says so, and a clock that it moves. */
function setUp(limits: Partial<SnapshotLimits> = {}) {
  const state = {
    now: 1_000,
    loads: 0,
    size: 10,
    answer: prompt(1) as ServedPrompt | MissingReason,
  };
  let broken: Error | null = null;
  let held: Promise<void> | null = null;
  const failures: unknown[] = [];
  const snapshot = new PromptSnapshot({
    load: async () => {
      state.loads++;
      const { answer } = state;
      if (broken !== null) throw broken;
      await held;
      return answer;
    },
    now: () => state.now,
    failed: (error) => failures.push(error),
    limits,
  });
  snapshot.listening(state.now);
  const breakDatabase = (error: Error | null) => {
    broken = error;
  };
  const hold = () => {
    const { promise, resolve } = promiseToKeep();
    held = promise;
    return () => {
      held = null;
      resolve();
    };
  };
  const generation = async (tag = "prod") => {
    const read = await snapshot.read("engineer", tag);
    return "missing" in read ? read.missing : read.prompt.generation;
  };
  return { snapshot, state, failures, breakDatabase, hold, generation };
}

test("what was loaded is answered without another load, and at once", async () => {
  const { snapshot, state, generation } = setUp();
  expect(await generation()).toBe(1);
  for (let i = 0; i < 100; i++)
    expect(snapshot.read("engineer", "prod")).toEqual({ prompt: prompt(1), staleMs: null });
  expect(state.loads).toBe(1);
});

test("of many reads at once one loads, and one more for those that came while it ran", async () => {
  const { state, generation, hold } = setUp();
  const release = hold();
  const early = Array.from({ length: 64 }, () => generation());
  release();
  expect(new Set(await Promise.all(early))).toEqual(new Set([1]));
  expect(state.loads).toBeLessThanOrEqual(2);
});

test("a read that begins after a change was told never sees a load from before it", async () => {
  const { snapshot, state, generation, hold } = setUp();
  await generation();
  const release = hold();
  snapshot.tagChanged("engineer");
  const before = generation();
  state.answer = prompt(2);
  snapshot.tagChanged("engineer");
  const after = generation();
  release();
  expect(await after).toBe(2);
  expect(await before).toBeGreaterThanOrEqual(1);
});

test("a move that this process announced is asked for until it is seen", async () => {
  const { snapshot, state, generation } = setUp();
  await generation();
  const moved = { kind: "tag", agentType: "engineer", tag: "prod", generation: 2 } as const;
  snapshot.announced(moved);
  expect(await generation()).toBe(1);
  state.answer = prompt(2);
  expect(await generation()).toBe(2);
  expect(state.loads).toBe(3);
  expect(snapshot.read("engineer", "prod")).not.toBeInstanceOf(Promise);
});

test("a notification of an earlier move does not end the wait for a later one", async () => {
  const { snapshot, state, generation } = setUp();
  await generation();
  for (const generation of [2, 3])
    snapshot.announced({ kind: "tag", agentType: "engineer", tag: "prod", generation });
  state.answer = prompt(2);
  snapshot.tagChanged("engineer");
  expect(await generation()).toBe(2);
  state.answer = prompt(3);
  expect(await generation()).toBe(3);
});

test("without the database the last known prompt is answered and called stale, until the bound", async () => {
  const { snapshot, state, failures, breakDatabase, generation } = setUp({ staleMaxMs: 60_000 });
  await generation();
  breakDatabase(new Error("away"));
  snapshot.lost(new Error("away"));
  for (const later of [1_000, 30_000, 59_000]) {
    state.now = 1_000 + later;
    expect(await snapshot.read("engineer", "prod")).toEqual({ prompt: prompt(1), staleMs: later });
  }
  state.now = 62_000;
  await expect(generation()).rejects.toMatchObject({ code: "unavailable" });
  expect(failures.length).toBeGreaterThan(0);
  breakDatabase(null);
  state.now = 63_000;
  expect(await snapshot.read("engineer", "prod")).toEqual({ prompt: prompt(1), staleMs: null });
});

test("in an outage most reads do not wait for the database again", async () => {
  const { snapshot, state, breakDatabase, generation } = setUp({ pauseMs: 500 });
  await generation();
  breakDatabase(new Error("away"));
  snapshot.lost(new Error("away"));
  for (let i = 0; i < 1_000; i++) {
    state.now += 1;
    await generation();
  }
  expect(state.loads).toBeLessThanOrEqual(1 + 3);
});

test("a database that hangs costs a read its deadline and no more", async () => {
  const { snapshot, hold, generation } = setUp({ loadMs: 20 });
  await generation();
  hold();
  snapshot.tagChanged("engineer");
  expect(await snapshot.read("engineer", "prod")).toMatchObject({ prompt: prompt(1), staleMs: 0 });
  await expect(generation("canary")).rejects.toMatchObject({ code: "unavailable" });
});

test("a polled generation that memory does not have is loaded", async () => {
  const { snapshot, state, generation } = setUp();
  await generation();
  state.now += 1_000;
  state.answer = prompt(2);
  snapshot.polled([{ agentType: "engineer", tag: "prod", generation: 2 }], state.now);
  expect(await generation()).toBe(2);
  expect(state.loads).toBe(2);
});

test("memory alone is trusted only while polls are answered", async () => {
  const { snapshot, state, generation } = setUp({ trustMs: 3_000 });
  await generation();
  state.now += 3_001;
  await generation();
  expect(state.loads).toBe(2);
  snapshot.polled([{ agentType: "engineer", tag: "prod", generation: 1 }], state.now);
  await generation();
  expect(state.loads).toBe(2);
});

test("what was kept before the connection broke is read again before it is answered as current", async () => {
  const { snapshot, state, generation } = setUp();
  await generation();
  snapshot.lost(new Error("broken"));
  state.answer = prompt(2);
  snapshot.listening(state.now);
  expect(await generation()).toBe(2);
});

test("a database that went back in time is not followed", async () => {
  const { snapshot, state, generation } = setUp();
  state.answer = prompt(5);
  await generation();
  state.answer = prompt(4);
  snapshot.tagChanged("engineer");
  state.now += 1;
  expect(await snapshot.read("engineer", "prod")).toMatchObject({ prompt: prompt(5) });
});

test("a tag that went away is missing, and may be made again from its first generation", async () => {
  const { snapshot, state, generation } = setUp();
  state.answer = prompt(5);
  await generation();
  state.answer = "no-such-tag";
  snapshot.polled([], state.now + 1);
  expect(await generation()).toBe("no-such-tag");
  state.answer = prompt(1);
  expect(await generation()).toBe(1);
});

test("memory stays within its bounds, whatever is asked for", async () => {
  const { snapshot, state, generation } = setUp({ entriesMax: 10, bytesMax: 500 });
  for (let i = 0; i < 100; i++) {
    state.now += 1;
    state.answer = i % 3 === 0 ? "no-such-tag" : prompt(1, 100);
    await generation(`t${i}`);
  }
  const loads = state.loads;
  expect(snapshot.read("engineer", "t98")).not.toBeInstanceOf(Promise);
  expect(snapshot.read("engineer", "t97")).not.toBeInstanceOf(Promise);
  await generation("t1");
  expect(state.loads).toBe(loads + 1);
});
