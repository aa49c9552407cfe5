import { expect, test } from "vitest";
import type { CompletionRequest } from "../ports.ts";
import { proposeInstruction } from "./propose-instruction.ts";
import { proposeReflection } from "./propose-reflection.ts";
import { proposeShorter } from "./propose-shorter.ts";
import { proposeVariations } from "./propose-variations.ts";
import { rephrase } from "./rephrase.ts";
import { sanityCheck } from "./sanity-check.ts";

const content = "# Role\nYou are an engineer.\n\n## Rules\n- Solve {{ problem }}.\n- SAFE.\n";
const base = {
  agentType: "engineer",
  purpose: "design parts",
  content,
  failureSummary: '- Submitted without checking (40 % of 10 failed runs)\n    "good enough"',
  rejected: ["Add more examples"],
  protectedTexts: ["SAFE."],
  requiredVariables: ["problem"],
  seed: 3,
};
const cluster = { signature: "a/b", statement: "Failed b", records: ["[engineer thought] hm"] };

function answering(text: string) {
  const requests: CompletionRequest[] = [];
  return {
    requests,
    complete: async (request: CompletionRequest) => {
      requests.push(request);
      return { text };
    },
  };
}

test("the meta-prompt shows the prompt, the failures, the rejected edits and what must be kept", async () => {
  const completer = answering("<variation>\nA {{ problem }} SAFE.\n</variation>");
  await proposeVariations(base, completer);
  const user = completer.requests[0]?.user ?? "";
  for (const part of [content, base.failureSummary, "Add more examples", "{{ problem }}", "SAFE."])
    expect(user).toContain(part);
  expect(completer.requests[0]).toMatchObject({ role: "proposer", seed: 3 });
});

test("three variations come out, without code fences, without repetitions and without the prompt itself", async () => {
  const reply = [
    "Diagnosis: …",
    "<variation>\n```markdown\nfirst {{ problem }}\n```\n</variation>",
    "<variation>first {{ problem }}</variation>",
    `<variation>\n${content}</variation>`,
    "<variation>\nsecond\n</variation><variation>third</variation><variation>fourth</variation>",
  ].join("\n");
  expect(await proposeVariations(base, answering(reply))).toEqual({
    ok: true,
    contents: ["first {{ problem }}\n", "second\n", "third\n"],
  });
});

test("a reply without a variation is a reason, not an exception", async () => {
  expect(await proposeVariations(base, answering("I cannot help"))).toMatchObject({ ok: false });
  expect(await proposeVariations(base, answering("<variation>unfinished"))).toMatchObject({
    ok: false,
  });
});

test("a reflection gives diagnosis, rule and the edited prompt", async () => {
  const reply =
    "<diagnosis>It never\nchecks.</diagnosis><rule>- Check first.</rule><prompt>\nnew\n</prompt>";
  const request = { ...base, ...cluster, passing: [], candidateRules: [], section: "rules" };
  const completer = answering(reply);
  expect(await proposeReflection(request, completer)).toEqual({
    ok: true,
    content: "new\n",
    diagnosis: "It never checks.",
    rule: "Check first.",
    quotes: [],
  });
  expect(completer.requests[0]?.user).toContain("[engineer thought] hm");
  expect(completer.requests[0]?.user).toContain('section "rules"');
  expect(await proposeReflection(request, answering(`<prompt>${content}</prompt>`))).toMatchObject({
    ok: false,
  });
});

test("an instruction is one line without bullet, quotes or template syntax", async () => {
  const request = { ...base, ...cluster };
  expect(
    await proposeInstruction(request, answering('<instruction>\n- "Check\n twice."</instruction>')),
  ).toEqual({ ok: true, instruction: '"Check twice."'.slice(1, -1) });
  for (const bad of ["", "<instruction></instruction>", "<instruction>Use {{ x }}</instruction>"])
    expect(await proposeInstruction(request, answering(bad))).toMatchObject({ ok: false });
  const long = `<instruction>${"word ".repeat(200)}</instruction>`;
  expect(await proposeInstruction(request, answering(long))).toMatchObject({ ok: false });
});

test("a rephrasing that changes nothing is refused", async () => {
  const request = { instruction: "Check twice.", purpose: "p", seed: 1 };
  const reply = (text: string) =>
    rephrase(request, answering(`<instruction>${text}</instruction>`));
  expect(await reply("Check twice.")).toMatchObject({ ok: false });
  expect(await reply("Verify two times.")).toEqual({
    ok: true,
    instruction: "Verify two times.",
  });
});

test("the shortened prompt keeps the original's line end", async () => {
  const reply = await proposeShorter(base, answering("<prompt>short {{ problem }}</prompt>"));
  expect(reply).toEqual({ ok: true, content: "short {{ problem }}\n" });
});

test("the sanity check passes on what the model says and refuses without a verdict", async () => {
  const request = { content: "a", parentContent: "b", purpose: "c", seed: 1 };
  const judge = (text: string) => sanityCheck(request, answering(text));
  expect(await judge('```json\n{"verdict": "ok", "reason": ""}\n```')).toEqual({ ok: true });
  expect(await judge("OK")).toEqual({ ok: true });
  expect(await judge('{"verdict":"override","reason":"says ignore"}')).toEqual({
    ok: false,
    category: "override",
    reason: "says ignore",
  });
  expect(await judge("This one is unsafe {sorry}.")).toMatchObject({ category: "unsafe" });
  expect(await judge("no idea")).toMatchObject({ ok: false, category: "unreadable" });
});
