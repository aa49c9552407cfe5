import { expect, test } from "vitest";
import { traceStep } from "../domain/trial.ts";
import { stepsOf, stepText } from "./turn-steps.ts";

test("text beside tools is thought, without tools a message, and blank text is nothing", () => {
  const parts = [
    { type: "reasoning", text: "Hm." },
    { type: "text", text: "Done." },
    { type: "text", text: " \n" },
  ];
  expect(stepsOf("a", parts, true).map((step) => step.kind)).toEqual(["thought", "thought"]);
  expect(stepsOf("a", parts, false).map((step) => step.kind)).toEqual(["thought", "message"]);
});

test("a call, its result and its error keep tool, text and data", () => {
  const steps = stepsOf(
    "engineer",
    [
      { type: "tool-call", toolName: "simulate", input: { design: { w: 1.5 } } },
      { type: "tool-result", toolName: "simulate", output: { ok: true } },
      { type: "tool-error", toolName: "simulate", error: new Error("no such tool") },
      { type: "source", text: "a page" },
    ],
    true,
  );
  expect(steps.map((step) => [step.kind, step.toolName, step.text, step.data])).toEqual([
    ["tool-call", "simulate", '{"design":{"w":1.5}}', { design: { w: 1.5 } }],
    ["tool-result", "simulate", '{"ok":true}', { ok: true }],
    ["tool-result", "simulate", '{"error":"no such tool"}', { error: "no such tool" }],
  ]);
});

test("long texts are cut with a mark, long data is left out", () => {
  expect(stepText("x".repeat(4_000))).toHaveLength(4_000);
  const cut = stepText("x".repeat(5_000));
  expect(cut).toHaveLength(4_000);
  expect(cut.endsWith("…")).toBe(true);
  const [step] = stepsOf(
    "a",
    [{ type: "tool-call", toolName: "t", input: "y".repeat(20_000) }],
    true,
  );
  expect(step).not.toHaveProperty("data");
});

test("whatever a model writes can be stored as text and JSON in a database", () => {
  const odd = "a\u0000b\ud83dc \\u0000 😀";
  const [said, called] = stepsOf(
    "a",
    [
      { type: "text", text: odd },
      { type: "tool-call", toolName: `t${odd}`, input: { [odd]: [odd, 1, true, null, undefined] } },
    ],
    true,
  );
  const clean = "a\uFFFDb\uFFFDc \\u0000 😀";
  expect(said?.text).toBe(clean);
  expect(called?.toolName).toBe(`t${clean}`);
  expect(called?.data).toEqual({ [clean]: [clean, 1, true, null, null] });
  expect(traceStep.safeParse(called).success).toBe(true);
  expect(stepText(`${"x".repeat(3_998)}😀y`)).not.toMatch(/\p{Surrogate}/u);
});
