import { expect, test } from "vitest";
import { draw } from "#lib/random.ts";
import type { Measurement } from "../measurement.ts";
import { judgeFinalists, type VerdictInput } from "./verdict.ts";

const targets = Array.from({ length: 20 }, (_, i) => `t${i}`);
const controls = Array.from({ length: 5 }, (_, i) => `c${i}`);

/** An arm whose pass rate on targets and controls is given; cost and latency too. */
function arm(
  seed: number,
  rate: { targets: number; controls: number; holdout?: number; costUsd?: number },
) {
  const draws = draw(seed, "arm");
  const measure = (ids: readonly string[], repeats: number, p: number): Measurement[] =>
    ids.flatMap((benchmarkId) =>
      Array.from({ length: repeats }, (_, repeat) => {
        const success = draws.chance(p);
        return {
          promptId: "p",
          benchmarkId,
          repeat,
          success,
          score: success ? 1 : 0,
          costUsd: (rate.costUsd ?? 0.01) * (0.9 + 0.2 * draws.next()),
          latencyMs: 1000,
        };
      }),
    );
  const [onTargets, onControls] = [
    measure(targets, 5, rate.targets),
    measure(controls, 5, rate.controls),
  ];
  return {
    confirm: [...onTargets, ...onControls],
    // The sequential test reads on until it decides.
    controls: [...onControls, ...measure(controls, 7, rate.controls)],
    holdout: measure(
      Array.from({ length: 10 }, (_, i) => `h${i}`),
      3,
      rate.holdout ?? rate.targets,
    ),
  };
}

const input = (
  baseline: ReturnType<typeof arm>,
  ...finalists: ReturnType<typeof arm>[]
): VerdictInput => ({
  seed: 1,
  benchmarkIds: [...targets, ...controls],
  controls: controls.map((id) => ({ id, externalId: id })),
  baseline,
  finalists: finalists.map((own, i) => ({ promptId: `p${i}`, arm: own })),
  calibrated: arm(77, { targets: 0.2, controls: 1 }).controls,
  confirmRepeats: 5,
  controlLossMax: 0,
});
const seeds = Array.from({ length: 12 }, (_, s) => s);

test("a real gain is promoted in nearly every run, and its verdict carries the figures", {
  timeout: 120_000,
}, () => {
  const verdicts = seeds.map(
    (s) =>
      judgeFinalists(
        input(arm(s, { targets: 0.2, controls: 1 }), arm(s + 1000, { targets: 0.6, controls: 1 })),
      )[0],
  );
  expect(verdicts.filter((v) => v?.kind === "promote-eligible").length).toBeGreaterThanOrEqual(11);
  const [first] = verdicts;
  expect(first?.difference.low).toBeGreaterThan(0);
  expect(first?.sentence).toContain("5 of 5 controls hold");
  expect(first?.candidateSuccess.n).toBe(125);
});

test("a prompt that is no better is promoted in at most a few of many runs, also as one of three finalists", {
  timeout: 120_000,
}, () => {
  let promoted = 0;
  for (const s of seeds) {
    const same = [0, 1, 2].map((k) => arm(s * 10 + k + 5000, { targets: 0.3, controls: 0.99 }));
    promoted += judgeFinalists(input(arm(s, { targets: 0.3, controls: 0.99 }), ...same)).some(
      (v) => v.kind === "promote-eligible",
    )
      ? 1
      : 0;
  }
  expect(promoted).toBeLessThanOrEqual(2);
});

test("a dropped control is caught whatever the targets gain", { timeout: 120_000 }, () => {
  for (const s of seeds) {
    const [verdict] = judgeFinalists(
      input(arm(s, { targets: 0.2, controls: 1 }), arm(s + 1000, { targets: 0.9, controls: 0.1 })),
    );
    expect(verdict?.kind).toBe("reject");
  }
});

test("equal success at half the cost is cheaper-equal or asks for more repeats, never promote-eligible by cost alone", {
  timeout: 120_000,
}, () => {
  const kinds = seeds.map(
    (s) =>
      judgeFinalists(
        input(
          arm(s, { targets: 0.9, controls: 1 }),
          arm(s + 1000, { targets: 0.9, controls: 1, costUsd: 0.005 }),
        ),
      )[0]?.kind,
  );
  expect(kinds.filter((kind) => kind === "promote-eligible").length).toBeLessThanOrEqual(1);
  expect(kinds).toContain("cheaper-equal");
});

test("an undecided difference says how many more repeats would probably decide", {
  timeout: 120_000,
}, () => {
  const verdicts = seeds.flatMap((s) =>
    judgeFinalists(
      input(arm(s, { targets: 0.3, controls: 1 }), arm(s + 1000, { targets: 0.38, controls: 1 })),
    ),
  );
  const undecided = verdicts.filter((v) => v.kind === "inconclusive");
  expect(undecided.length).toBeGreaterThan(1);
  expect(undecided.some((v) => (v.repeatsToDecide ?? 0) > 0)).toBe(true);
});

test("a winner that is worse on the sealed holdout is rejected", { timeout: 120_000 }, () => {
  const [verdict] = judgeFinalists(
    input(
      arm(1, { targets: 0.3, controls: 1, holdout: 0.9 }),
      arm(2, { targets: 0.8, controls: 1, holdout: 0.2 }),
    ),
  );
  expect(verdict?.kind).toBe("reject");
});

test("a better prompt with a control that nobody decided is not promoted, unless today's prompt loses it too", () => {
  const better = arm(1, { targets: 0.9, controls: 1 });
  const today = arm(2, { targets: 0.2, controls: 1 });
  const failing = (own: typeof better, failures: number) => ({
    ...own,
    controls: own.controls.map((m, i) => (i < failures ? { ...m, success: false } : m)),
  });
  const short = {
    ...better,
    controls: better.confirm.filter(({ benchmarkId }) => benchmarkId !== "c4"),
  };
  expect(judgeFinalists(input(today, better))[0]?.kind).toBe("promote-eligible");
  expect(judgeFinalists(input(today, short))[0]?.kind).toBe("inconclusive");
  expect(judgeFinalists(input(today, failing(better, 4)))[0]?.kind).toBe("reject");
  const [both] = judgeFinalists(input(failing(today, 4), failing(better, 4)));
  expect(both?.controls[0]?.state).toBe("undecided");
  expect(both?.kind).toBe("promote-eligible");
});

test("a shift of today's prompt on its own controls since the calibration is a caution", () => {
  const better = arm(1, { targets: 0.9, controls: 1 });
  const cautions = (controlRate: number) =>
    judgeFinalists(
      input(arm(2, { targets: 0.2, controls: controlRate }), better),
    )[0]?.cautions.join();
  expect(cautions(1)).not.toContain("calibrated");
  expect(cautions(0.5)).toContain("of its control runs, 100 % when it was calibrated");
});
