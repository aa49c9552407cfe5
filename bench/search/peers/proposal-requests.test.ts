import { expect, test } from "vitest";
import { readProposalRequest } from "./proposal-requests.ts";

const read = (user: string, system = "") => readProposalRequest({ system, user });

test("gepa's request gives its prompt and takes the next one in a fence", () => {
  const request = read(
    "I provided an assistant with the following instructions to perform a task for me:\n```\nline a\nline b\n```\n\nThe following are examples of different task inputs",
  );
  expect(request).toMatchObject({ kind: "edit", prompts: ["line a\nline b"] });
  expect(request.reply("next")).toBe("```\nnext\n```");
});

test("dspy's GEPA asks in the user's message and reads JSON; the form in the system's message is not the prompt", () => {
  const form =
    "[[ ## current_instruction ## ]]\n{current_instruction}\n\n[[ ## examples_with_feedback ## ]]\n{examples}";
  const request = read(
    "[[ ## current_instruction ## ]]\nown\n\n[[ ## examples_with_feedback ## ]]\n[]",
    form,
  );
  expect(request.prompts).toEqual(["own"]);
  expect(JSON.parse(request.reply('a "quoted" one'))).toEqual({
    new_instruction: 'a "quoted" one',
  });
});

test("MIPROv2's questions about program and data are no edits, its request for an instruction is one", () => {
  const end =
    "Respond with the corresponding output fields, starting with the field `[[ ## observations ## ]]`, and then";
  const question = read(`[[ ## examples ## ]]\n[]\n\n${end}`);
  expect(question.kind).toBe("text");
  expect(question.reply("")).toContain("[[ ## observations ## ]]");
  const request = read(`[[ ## basic_instruction ## ]]\nown\n\n[[ ## tip ## ]]\nshort\n\n${end}`);
  expect(request).toMatchObject({ kind: "edit", prompts: ["own"] });
  expect(request.reply("next")).toContain("[[ ## proposed_instruction ## ]]\nnext\n");
});

test("CAPO asks to merge two prompts and to rephrase one", () => {
  const end = "\n\nReturn the new prompt in the following format:\n<prompt>new prompt</prompt>";
  expect(read(`merge:\nPrompt 1: a\nPrompt 2: b${end}`)).toMatchObject({
    kind: "merge",
    prompts: ["a", "b"],
  });
  const rephrase = read(`rephrase.\nPrompt: a${end}`);
  expect(rephrase).toMatchObject({ kind: "edit", prompts: ["a"] });
  expect(rephrase.reply("next")).toBe("<prompt>next</prompt>");
});

test("harness-evolve's edit replaces the whole prompt file, whose length its request states", () => {
  const prompt = "a prompt\n\n=== SETTINGS that is text";
  const request = read(
    `=== CURRENT HARNESS FILES ===\n\n--- system.prompt (${prompt.length} chars) ---\n${prompt}\n\n=== SETTINGS (behaviour you can change) ===`,
  );
  expect(request.prompts).toEqual([prompt]);
  expect(JSON.parse(request.reply("next"))).toMatchObject({
    component: "prompts",
    edits: [{ file: "system.prompt", find: prompt, replace: "next" }],
  });
  expect(read("=== DIFF ===", "You are a strict reviewer of changes").reply("")).toContain(
    "accept",
  );
});

test("promptline-opt's request gives its prompt", () => {
  const request = read(
    'You are improving the instruction of the module "main".\n\nCurrent instruction:\n```\nown\n```\n\nHere is how the module performed on a minibatch of examples:',
  );
  expect(request).toMatchObject({ kind: "edit", prompts: ["own"] });
});

test("a request that no library sends is refused", () => {
  expect(() => read("Tell me a story.")).toThrow(RangeError);
});
