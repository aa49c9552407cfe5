import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "#lib/db/client.ts";
import { createTestDatabase } from "#tests/database.ts";
import { faultsOf, type Move, type Read } from "./check.ts";
import { recordHistory } from "./history.ts";

test("under 64 readers every read is of a version that was prod while it was read, and none goes back", async () => {
  const testDatabase = await createTestDatabase();
  const { url } = testDatabase;
  const { db, close } = createDatabase({ url, poolMax: 8 });
  onTestFinished(async () => {
    await close();
    await testDatabase.drop();
  });
  const { moves, reads, cuts } = await recordHistory({
    db,
    url,
    readers: 64,
    reads: 5_000,
    movesPerCut: 8,
  });
  expect(faultsOf(moves, reads)).toEqual([]);
  expect(reads.length).toBeGreaterThanOrEqual(5_000);
  expect(new Set(reads.map(({ generation }) => generation)).size).toBeGreaterThan(5);
  expect(cuts).toBeGreaterThan(0);
});

const moves: Move[] = [
  { generation: 1, promptId: "a", beganAt: 0, acknowledgedAt: 10 },
  { generation: 2, promptId: "b", beganAt: 100, acknowledgedAt: 110 },
];
const read = (change: Partial<Read>): Read => ({
  reader: 1,
  beganAt: 50,
  endedAt: 60,
  generation: 1,
  promptId: "a",
  stale: false,
  ...change,
});

test("the check lets through what can be explained and names what cannot", () => {
  const right = [
    read({}),
    read({ beganAt: 105, endedAt: 106 }),
    read({ beganAt: 20, endedAt: 101, generation: 2, promptId: "b" }),
  ];
  expect(faultsOf(moves, right)).toEqual([]);
  const wrong: [Partial<Read>[], string][] = [
    [[{ beganAt: 111, endedAt: 112 }], "the next move was acknowledged 1.0 ms before"],
    [[{ generation: 2, promptId: "b" }], "read before the move began"],
    [[{ promptId: "b" }], "another prompt"],
    [[{ generation: 3 }], "no such generation"],
    [[{ stale: true }], "stale"],
    [
      [
        { beganAt: 101, endedAt: 102, generation: 2, promptId: "b" },
        { beganAt: 103, endedAt: 104 },
      ],
      "went back",
    ],
  ];
  for (const [reads, sentence] of wrong)
    expect(faultsOf(moves, reads.map(read)).join("\n")).toContain(sentence);
});
