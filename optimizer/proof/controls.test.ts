import { expect, test } from "vitest";
import { draw } from "#lib/random.ts";
import { controlFacts, heldRate, isHeldToday, stateOfControl, visibleDrop } from "./controls.ts";
import { runControls } from "./regression-run.ts";

const runsOf = (outcomes: string) => [...outcomes].map((outcome) => outcome === "p");
const control = (baseline: string, candidate: string, required = true) => ({
  benchmarkId: "c",
  externalId: "c",
  required,
  baseline: runsOf(baseline),
  candidate: runsOf(candidate),
});
const varied = { controls: 5, repeats: "vary", isLast: false } as const;

test("a control is held to today's own rate, never to more than nine in ten", () => {
  const held = (outcomes: string, required: boolean) => heldRate(control(outcomes, "", required));
  expect(held("pppppppppppppppppppp", true)).toBe(0.9);
  expect(held("ppppff", false)).toBeCloseTo(5 / 8);
  expect(held("ppppff", true)).toBeCloseTo(7.6 / 10);
  expect(held("ffff", false)).toBe(0.3);
});

test("a row that today's prompt passes half of the time is no required control, and one pass alone makes none", () => {
  const held = (outcomes: string) => isHeldToday(runsOf(outcomes), "vary");
  expect(held("ppppff")).toBe(true);
  expect(held("pppfff")).toBe(false);
  expect(held("p")).toBe(false);
  expect(isHeldToday(runsOf("p"), "same")).toBe(true);
});

test("where repeats cannot differ one failure of a control that today's prompt passes is its loss", () => {
  const same = { controls: 5, repeats: "same", isLast: true } as const;
  expect(stateOfControl(control("p", "f"), same)).toBe("regressed");
  expect(stateOfControl(control("p", "p"), same)).toBe("clear");
  expect(stateOfControl(control("f", "f"), same)).toBe("undecided");
});

test("a required control at its last run is clear, lost or open, and a single failure never loses it", () => {
  expect(stateOfControl(control("pppppp", "f"), varied)).toBe("undecided");
  expect(stateOfControl(control("pppppp", "ffff"), varied)).toBe("regressed");
  expect(stateOfControl(control("pppppp", "ppppppppp"), varied)).toBe("clear");
  expect(stateOfControl(control("pppppp", "pppf"), { ...varied, isLast: true })).toBe("clear");
  expect(stateOfControl(control("pppppp", "fff"), { ...varied, isLast: true })).toBe("undecided");
});

test("a verdict states a drop that its runs could have shown, and more runs show a smaller one", () => {
  const few = visibleDrop([control("pppppp", "ppp")], "vary");
  const many = visibleDrop([control("pppppp", "pppppppppppppppp")], "vary");
  expect(few).toBeGreaterThan(0.8);
  expect(many).toBeLessThan(0.6);
  expect(visibleDrop([control("p", "p")], "same")).toBe(1);
  expect(visibleDrop([], "vary")).toBeNull();
  expect(visibleDrop([control("ppp", "ppp", false)], "vary")).not.toBeNull();
});

test("a sampled control that is lost is called so without any doubt on the others", () => {
  const facts = controlFacts(
    [control("pppp", "fff", false), control("pppp", "ppp", false)],
    "vary",
  );
  expect(facts.map(({ state }) => state)).toEqual(["regressed", "clear"]);
  expect(facts[0]?.todayRate).toBe(1);
});

/** Runs one finalist through five required controls: the best of ten that today's prompt was measured on six times. */
async function guarded(seed: number, today: number, rates: readonly number[]) {
  const controls = rates.map((_, i) => ({ id: `c${i}`, externalId: `c${i}`, required: true }));
  const measured = (arm: string, id: string, repeat: number, rate: number) => ({
    promptId: arm,
    benchmarkId: id,
    repeat,
    success: draw(seed, arm, id, repeat).chance(rate),
    score: 0,
    costUsd: 0,
    latencyMs: 0,
  });
  const passes = (runs: readonly { success: boolean }[]) =>
    runs.filter(({ success }) => success).length;
  const learnt = Array.from({ length: 2 * rates.length }, (_, i) =>
    Array.from({ length: 6 }, (_, repeat) => measured("learnt", `candidate ${i}`, repeat, today)),
  )
    .sort((a, b) => passes(b) - passes(a))
    .slice(0, rates.length)
    .flatMap((runs, i) => runs.map((run) => ({ ...run, benchmarkId: `c${i}` })));
  const found = await runControls({
    controls: controls as never,
    learnt,
    repeats: "vary",
    runsMax: 16,
    run: async (arm, rows, from, count) =>
      rows.flatMap(({ id }) =>
        Array.from({ length: count }, (_, k) =>
          measured(
            arm,
            id,
            from + k,
            arm === "baseline" ? today : (rates[Number(id.slice(1))] ?? 0),
          ),
        ),
      ),
  });
  return found?.facts.map(({ state }) => state) ?? [];
}

test("a required control that falls from 0.9 to 0.3 is caught in 99 of 100 runs, and harmless finalists are condemned in at most 3", async () => {
  const runs = 600;
  let caught = 0;
  let condemned = 0;
  for (let seed = 0; seed < runs; seed++) {
    const broken = await guarded(seed, 0.9, [0.9, 0.9, 0.3, 0.9, 0.9]);
    if (broken[2] !== "clear") caught++;
    const harmless = await guarded(runs + seed, 0.9, [0.9, 0.9, 0.9, 0.9, 0.9]);
    if (harmless.includes("regressed")) condemned++;
  }
  expect(caught / runs).toBeGreaterThanOrEqual(0.99);
  expect(condemned / runs).toBeLessThanOrEqual(0.03);
});
