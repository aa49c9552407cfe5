import { expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "./errors.ts";
import { parseInput } from "./parse-input.ts";

const schema = z.object({ runs: z.array(z.object({ costUsd: z.number().nonnegative() })) });

test("what parses comes back parsed", () => {
  expect(parseInput(schema, { runs: [{ costUsd: 1, other: 2 }] }, "These are")).toEqual({
    runs: [{ costUsd: 1 }],
  });
});

test("what does not parse is invalid, with the place of every fault", () => {
  const bad = { runs: [{ costUsd: 1 }, { costUsd: -1 }, {}] };
  const error = (() => {
    try {
      return parseInput(schema, bad, "These runs are");
    } catch (caught) {
      return caught;
    }
  })();
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({
    code: "invalid",
    message: expect.stringContaining("These runs are not valid at runs[1].costUsd: "),
    details: { issues: [{ path: "runs[1].costUsd" }, { path: "runs[2].costUsd" }] },
  });
});
