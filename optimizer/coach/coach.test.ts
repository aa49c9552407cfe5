import { expect, test } from "vitest";
import type { TraceStep } from "#lib/domain/trial.ts";
import type { EvidenceRun } from "../evidence.ts";
import { coach } from "./coach.ts";
import { judgeRun } from "./judge-run.ts";

const options = { worker: "engineer", critic: "critic", submissionTool: "submit_solution" };

const check = (name: string, limit: number, satisfied: boolean, raise: string[]) => ({
  name,
  value: 0,
  limit,
  relation: ">=",
  unit: "mm",
  satisfied,
  raise,
  lower: [],
});
const simulated: TraceStep = {
  agentType: "engineer",
  kind: "tool-result",
  toolName: "simulate",
  text: "{}",
  data: {
    checks: [
      check("bending stress", 31.5, true, ["height_mm"]),
      check("gap", 4.2, true, ["pitch_mm"]),
    ],
  },
};

function submit(design: Record<string, number>, extra: Record<string, unknown> = {}): TraceStep {
  const data = { design, notes: "as asked", ...extra };
  const text = JSON.stringify(data);
  return { agentType: "engineer", kind: "tool-call", toolName: "submit_solution", text, data };
}

function verdict(objection: string | null): TraceStep {
  const data = { pass: objection === null, objection: objection ?? "" };
  return { agentType: "critic", kind: "critic-verdict", text: data.objection, data };
}

const standsBy: TraceStep = { agentType: "engineer", kind: "thought", text: "I leave it." };
const first = { height_mm: 40, pitch_mm: 9 };

function failedRun(steps: TraceStep[], failedCheck = "bending stress"): EvidenceRun {
  return {
    runId: "run",
    benchmarkId: null,
    outcome: "failure",
    score: 0,
    failure: {
      errorClass: "constraint-violated",
      signature: `constraint-violated/${failedCheck}`,
      message: `${failedCheck} is 1 mm, required >= 31.5 mm.`,
      failedCheck,
    },
    steps: [simulated, submit(first), ...steps],
  };
}

function judged(objection: string | null, ...after: TraceStep[]) {
  const { fault, saw, response } = judgeRun(failedRun([verdict(objection), ...after]), options);
  return { fault, saw, response };
}

test("a critic that passes the design that fails has missed the error", () => {
  expect(judged(null).fault).toBe("critic-missed-error");
  const late = failedRun([
    verdict("The stress is too high."),
    submit({ ...first, height_mm: 42 }),
    verdict(null),
  ]);
  expect(judgeRun(late, options)).toMatchObject({ fault: "critic-missed-error", verdictStep: 4 });
});

test("an objection names the failing requirement by name, by a word of it, by its limit or by its variable", () => {
  for (const objection of [
    "The bending stress is violated.",
    "The gap is fine, but the stress is not met.",
    "The requirement of 31.5 mm is violated.",
    "height_mm is too small. (Submitted: height_mm = 40, pitch_mm = 9.)",
  ])
    expect(judged(objection, submit({ ...first, height_mm: 44 })), objection).toEqual({
      fault: "neither",
      saw: "named",
      response: "acted",
    });
});

test("an engineer that keeps, rounds or changes another part of the design ignored the objection", () => {
  const answers = [
    [standsBy],
    [submit(first)],
    [submit({ height_mm: 40.01, pitch_mm: 9 })],
    [submit({ ...first, pitch_mm: 12 })],
  ];
  for (const after of answers)
    expect(judged("The bending stress is violated.", ...after).fault).toBe(
      "engineer-ignored-critic",
    );
  expect(
    judged("The bending stress is violated.", submit({ ...first, pitch_mm: 12 })).response,
  ).toBe("acted-elsewhere");
});

test("a critic that objects to what is in order has missed the error, heeded or not", () => {
  for (const after of [standsBy, submit({ ...first, pitch_mm: 12 })])
    expect(judged("The gap of 4.2 mm is violated.", after)).toMatchObject({
      fault: "critic-missed-error",
      saw: "named-other",
    });
});

test("where the change may itself have caused the failure the coach does not judge", () => {
  const objection = "The gap of 4.2 mm is violated.";
  expect(judged(objection, submit({ height_mm: 30, pitch_mm: 12 })).fault).toBe("unclear");
});

test("a vague objection can be ignored, but nobody can tell whether it saw the error", () => {
  const vague = "I am not convinced, please look at it again.";
  expect(judged(vague, submit(first)).fault).toBe("engineer-ignored-critic");
  expect(judged(vague, submit({ ...first, height_mm: 44 })).fault).toBe("unclear");
});

test("a run that broke off or has no verdict tells nothing", () => {
  expect(judgeRun(failedRun([]), options).fault).toBe("unclear");
  const timeout = { errorClass: "timeout", signature: "timeout", message: "Too long." } as const;
  expect(judgeRun({ ...failedRun([verdict(null)]), failure: timeout }, options).fault).toBe(
    "unclear",
  );
});

test("the critic is tuned only when the low end of its share is a majority", () => {
  const missed = failedRun([verdict(null)]);
  const fine = failedRun([
    verdict("The bending stress is low."),
    submit({ ...first, height_mm: 44 }),
  ]);
  const few = coach([missed, missed, fine], options);
  expect(few).toMatchObject({ tune: "engineer", section: null });
  const many = coach([...Array.from({ length: 15 }, () => missed), fine, fine], options);
  expect(many.tune).toBe("critic");
  expect(many.reason).toBe(
    "The critic missed the error in 15 of 17 failed runs (95 % interval 66 to 97 %).",
  );
  expect(many.examples).toHaveLength(3);
});

test("receptiveness is named when objections are ignored, and a run that succeeded counts for nothing", () => {
  const ignored = failedRun([verdict("The bending stress is low."), standsBy]);
  const good: EvidenceRun = { ...ignored, outcome: "success", failure: null };
  const found = coach([...Array.from({ length: 8 }, () => ignored), good], options);
  expect(found).toMatchObject({ tune: "engineer", section: "receptiveness" });
  expect(found.tallies).toMatchObject({ "engineer-ignored-critic": 8, neither: 0, unclear: 0 });
  const [example] = found.examples;
  const step = example?.evidence[0];
  expect(ignored.steps[step?.stepIndex ?? -1]?.text).toContain(step?.quote);
});
