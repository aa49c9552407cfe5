import { expect, test } from "vitest";
import { GroupCommit } from "./group-commit.ts";

/** A run that ends when told to, and the calls it has seen. */
function heldRun() {
  const calls: number[][] = [];
  const ends: (() => void)[] = [];
  const run = async (items: readonly number[]) => {
    calls.push([...items]);
    await new Promise<void>((resolve) => ends.push(resolve));
    if (items.includes(13)) throw new Error("13 is refused");
    return items.map((item) => item * 10);
  };
  const end = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { calls, run, end };
}

test("calls that come while one is under way go together, and each caller gets its own answers", async () => {
  const { calls, run, end } = heldRun();
  const commit = new GroupCommit(run, 100);
  const first = commit.add([1]);
  const others = [commit.add([2, 3]), commit.add([4])];
  await end();
  expect(await first).toEqual([10]);
  await end();
  expect(await Promise.all(others)).toEqual([[20, 30], [40]]);
  expect(calls).toEqual([[1], [2, 3, 4]]);
});

test("a joint call holds no more items than allowed, and a large caller goes alone", async () => {
  const { calls, run, end } = heldRun();
  const commit = new GroupCommit(run, 3);
  const all = [commit.add([1]), commit.add([2, 3]), commit.add([4, 5]), commit.add([6, 7, 8, 9])];
  for (let round = 0; round < 4; round++) await end();
  await Promise.all(all);
  expect(calls).toEqual([[1], [2, 3], [4, 5], [6, 7, 8, 9]]);
});

test("where a joint call fails, only the caller at fault hears of it", async () => {
  const { calls, run, end } = heldRun();
  const commit = new GroupCommit(run, 100);
  const first = commit.add([1]);
  const [good, bad] = [commit.add([2]), commit.add([13])];
  const refused = expect(bad).rejects.toThrow("13 is refused");
  for (let round = 0; round < 4; round++) await end();
  await refused;
  expect(await Promise.all([first, good])).toEqual([[10], [20]]);
  expect(calls).toEqual([[1], [2, 13], [2], [13]]);
});
