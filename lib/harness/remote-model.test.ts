import { afterEach, expect, test } from "vitest";
import { requireFamily } from "#workbench/families.ts";
import { rememberingResolver } from "../llm/models.ts";
import { createTrialPool } from "./pool.ts";
import { runTrial } from "./run-trial.ts";
import { designThat, harnessPrompt, workbenchRequest } from "./testing/requests.ts";
import { type StubReply, type StubServer, startStubServer } from "./testing/stub-server.ts";
import type { TrialRequest } from "./trial-request.ts";

const model = "compatible:stub";
const price = { inputUsdPerMTok: 1, outputUsdPerMTok: 10, cachedInputUsdPerMTok: 0.1 };
const problem = requireFamily("beam").generate(7, "beam-07");
const good = { design: designThat("holds", problem), units: "mm" };
const bad = { design: designThat("fails", problem), units: "mm" };
const servers: StubServer[] = [];

async function serve(script: readonly StubReply[]) {
  const server = await startStubServer(script);
  servers.push(server);
  const modelOf = rememberingResolver({
    keys: { compatible: { url: server.url, apiKey: "sk-secret-of-the-test" } },
    prices: { [model]: price },
  });
  return { server, run: (request: TrialRequest) => runTrial(request, modelOf) };
}

function question(overrides: Partial<TrialRequest> = {}): TrialRequest {
  const content = "Answer with negative or positive.\n\nText: {{ input }}";
  return {
    system: "single",
    benchmark: {
      id: "b",
      contentHash: "hash",
      input: "A joy.",
      expected: "positive",
      labels: ["negative", "positive"],
      grader: { kind: "label" },
    },
    prompts: { classifier: harnessPrompt(content, { model }) },
    runSeed: 1,
    repeat: 0,
    timeoutMs: 20_000,
    costLimitUsd: null,
    ...overrides,
  };
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

test("a workbench trial runs over HTTP: tools are called, usage is billed, the verifier decides", async () => {
  const { server, run } = await serve([
    { text: "The plan." },
    { tool: "simulate", input: { design: bad.design }, text: "I try this." },
    { tool: "submit_solution", input: good },
    { text: "VERDICT: pass" },
  ]);
  const result = await run(workbenchRequest(problem, model));
  expect(result.failure).toBeNull();
  expect(result).toMatchObject({ outcome: "success", score: 1, simulated: false });
  expect(result.costUsd).toBeCloseTo((4 * (100 * 1 + 20 * 10)) / 1e6, 12);
  expect(result).toMatchObject({ inputTokens: 400, outputTokens: 80 });
  expect(result.latencyMs).toBeGreaterThan(0);
  expect(result.steps.map((step) => [step.kind, step.toolName ?? null])).toEqual([
    ["message", null],
    ["thought", null],
    ["tool-call", "simulate"],
    ["tool-result", "simulate"],
    ["tool-call", "submit_solution"],
    ["tool-result", "submit_solution"],
    ["message", null],
    ["critic-verdict", null],
  ]);
  expect(server.requests[1]?.tools?.map((tool) => tool.function.name)).toContain("submit_solution");
  expect(server.requests[2]?.messages.at(-1)).toMatchObject({ role: "tool" });
  expect(server.requests[0]?.seed).not.toBe(server.requests[1]?.seed);
  expect(server.authorizations[0]).toBe("Bearer sk-secret-of-the-test");
});

test("an objection gives the engineer one more round, and the last submission counts", async () => {
  const { server, run } = await serve([
    { text: "The plan." },
    { tool: "submit_solution", input: bad },
    { text: '{"pass": false, "objection": "The stress is too high."}' },
    { tool: "submit_solution", input: good },
  ]);
  const result = await run(workbenchRequest(problem, model));
  expect(result.outcome).toBe("success");
  expect(result.criticVerdict).toEqual({ pass: false, objection: "The stress is too high." });
  const critic = result.agents.find((agent) => agent.agentType === "critic");
  expect(critic?.outcome).toBe("success");
  expect(JSON.stringify(server.requests[3]?.messages)).toContain("The stress is too high.");
});

test("a critic that passes a failing design fails its own task, and the design fails by its check", async () => {
  const { run } = await serve([
    { text: "The plan." },
    { tool: "submit_solution", input: bad },
    { text: "VERDICT: pass" },
  ]);
  const result = await run(workbenchRequest(problem, model));
  expect(result.failure?.signature).toMatch(/^constraint-violated\/.+/);
  expect(result.failure?.failedCheck).toBeDefined();
  expect(result.agents.map((agent) => agent.failure?.signature)).toEqual([
    "plan/limit-missing",
    result.failure?.signature,
    "critic/missed-error",
  ]);
});

test("a plan with every limit succeeds, a statement copied whole is one", async () => {
  const { run } = await serve([{ text: problem.statement }, { text: "Hm." }, { text: "fail" }]);
  const result = await run(workbenchRequest(problem, model));
  expect(result.agents.map((agent) => [agent.agentType, agent.outcome])).toEqual([
    ["planner", "success"],
    ["engineer", "failure"],
    ["critic", "failure"],
  ]);
});

test("a hand-in that the tool refuses does not end the turn", async () => {
  const { run } = await serve([
    { text: "The plan." },
    { tool: "submit_solution", input: { values: 3 } },
    { tool: "submit_solution", input: "{ not json" },
    { tool: "submit_solution", input: good },
    { text: "VERDICT: pass" },
  ]);
  const result = await run(workbenchRequest(problem, model));
  expect(result.outcome).toBe("success");
  expect(result.agents.find((agent) => agent.agentType === "engineer")?.modelCalls).toBe(3);
});

test("an engineer that only talks leaves no submission, whatever the critic says", async () => {
  const { run } = await serve([
    { text: "The plan." },
    { text: "I think it is fine." },
    { text: "hm" },
  ]);
  const result = await run(workbenchRequest(problem, model));
  expect(result.failure?.signature).toBe("no-submission");
  expect(result.criticVerdict).toEqual({ pass: true, objection: "" });
  expect(result.steps.at(-2)).toMatchObject({ agentType: "critic", kind: "error" });
});

test("a loop that never hands in ends at its step limit", async () => {
  const simulate = { tool: "simulate", input: { design: bad.design } };
  const { run } = await serve([{ text: "Plan." }, simulate, simulate, { text: "VERDICT: pass" }]);
  const request = workbenchRequest(problem, model);
  const engineer = request.prompts.engineer;
  if (engineer !== undefined) engineer.parameters.maxSteps = 2;
  const result = await run(request);
  expect(result.failure?.errorClass).toBe("step-limit");
});

test("tools that the prompt does not name are not offered", async () => {
  const { server, run } = await serve([{ text: "Plan." }, { text: "Nothing." }, { text: "hm" }]);
  const request = workbenchRequest(problem, model);
  const engineer = request.prompts.engineer;
  if (engineer !== undefined) engineer.tools = ["simulate", "unknown_tool"];
  await run(request);
  expect(server.requests[1]?.tools?.map((tool) => tool.function.name)).toEqual(["simulate"]);
});

test("a call refused by a rate limit is made again and billed once", async () => {
  const { server, run } = await serve([
    { status: 429, headers: { "retry-after-ms": "1" } },
    { status: 503, headers: { "retry-after": "0" } },
    {
      text: "Positive",
      usage: {
        prompt_tokens: 100,
        completion_tokens: 2,
        total_tokens: 102,
        prompt_tokens_details: { cached_tokens: 60 },
      },
    },
  ]);
  const result = await run(question());
  expect(server.requests).toHaveLength(3);
  expect(result.outcome).toBe("success");
  expect(result.costUsd).toBeCloseTo((40 * 1 + 60 * 0.1 + 2 * 10) / 1e6, 12);
});

test("a call that waits for its provider is not slower for it, and a stop ends the wait", async () => {
  const refusal = { status: 429, headers: { "retry-after-ms": "400" } };
  const { run } = await serve([refusal, { text: "Positive" }]);
  const began = performance.now();
  const { latencyMs } = await run(question());
  expect(performance.now() - began).toBeGreaterThan(400);
  expect(latencyMs).toBeLessThan(400);

  const server = await startStubServer([{ status: 503, headers: { "retry-after": "50" } }]);
  servers.push(server);
  const prices = { [model]: price };
  const modelOf = rememberingResolver({ keys: { compatible: { url: server.url } }, prices });
  const stop = new AbortController();
  const stopped = runTrial(question(), modelOf, { hurry: stop.signal });
  await expect.poll(() => server.requests.length).toBe(1);
  stop.abort();
  expect(await stopped).toMatchObject({
    failure: { signature: "model-error/503" },
    fault: { kind: "passing", retryAfterMs: 50_000 },
  });
});

test("a wait longer than a minute is left to whoever runs the trial", async () => {
  const { server, run } = await serve([{ status: 429, headers: { "retry-after": "61" } }]);
  expect((await run(question())).fault).toEqual({ kind: "passing", retryAfterMs: 61_000 });
  expect(server.requests).toHaveLength(1);
});

test("a refusal that will not pass is not repeated and names no key", async () => {
  const { server, run } = await serve([
    { status: 401, message: "Incorrect API key provided: sk-secret-of-the-test" },
  ]);
  const result = await run(question());
  expect(server.requests).toHaveLength(1);
  expect(result.failure).toMatchObject({
    errorClass: "model-error",
    signature: "model-error/401",
  });
  expect(result.fault).toEqual({ kind: "refused", model });
  expect(JSON.stringify(result)).not.toContain("sk-secret");
});

test("a provider that fails midway leaves a failed run with the cost so far", async () => {
  const { run } = await serve([
    { text: "The plan." },
    { tool: "simulate", input: { design: bad.design } },
    { status: 400, message: "context too long" },
  ]);
  const result = await run(workbenchRequest(problem, model));
  expect(result).toMatchObject({ outcome: "failure", score: 0, inputTokens: 200 });
  expect(result.failure?.message).toContain("context too long");
  expect(result.costUsd).toBeGreaterThan(0);
  expect(result.fault).toBeUndefined();
  expect(result.agents.map((agent) => agent.agentType)).toEqual(["planner", "engineer"]);
});

test("a provider that never answers is cut off at the trial's time limit", async () => {
  const { run } = await serve([{ hang: true }]);
  const result = await run(question({ timeoutMs: 200 }));
  expect(result.failure?.errorClass).toBe("timeout");
});

test("a run that its caller calls off throws the caller's reason", async () => {
  const server = await startStubServer([{ hang: true }]);
  servers.push(server);
  const modelOf = rememberingResolver({
    keys: { compatible: { url: server.url } },
    prices: { [model]: price },
  });
  const caller = new AbortController();
  const running = runTrial(question(), modelOf, { signal: caller.signal });
  caller.abort(new Error("called off"));
  await expect(running).rejects.toThrow("called off");
});

test("a pool that closes does not wait for a provider, and takes no more trials", async () => {
  const server = await startStubServer([{ hang: true }]);
  servers.push(server);
  const pool = createTrialPool({
    models: { keys: { compatible: { url: server.url } }, prices: { [model]: price } },
  });
  const running = pool.run(question());
  await Promise.all([expect(running).rejects.toThrow("stopped"), pool.close()]);
  await expect(pool.run(question())).rejects.toThrow("stopped");
});

test("a reply that is not what the protocol says is a model error", async () => {
  const { run } = await serve([{ body: "<html>proxy</html>" }, { body: '{"choices": []}' }]);
  for (const _ of [1, 2]) {
    const result = await run(question());
    expect(result.failure?.errorClass).toBe("model-error");
  }
});

test("a prompt that is one text is put to the model as the user's question, roles are kept", async () => {
  const { server, run } = await serve([{ text: "positive" }, { text: "positive" }]);
  await run(question());
  expect(server.requests[0]?.messages).toHaveLength(1);
  expect(server.requests[0]?.messages[0]).toMatchObject({
    role: "user",
    content: expect.stringContaining("Text: A joy."),
  });
  const turns = "system:\nBe short.\nuser:\nBad.\nassistant:\nnegative\nuser:\n{{ input }}";
  await run(question({ prompts: { classifier: harnessPrompt(turns, { model }) } }));
  expect(server.requests[1]?.messages.map((message) => message.role)).toEqual([
    "system",
    "user",
    "assistant",
    "user",
  ]);
});

test("a call that is cut off by the trial's end is counted at the most it can have cost, and the trial says so", async () => {
  const { run } = await serve([{ hang: true }]);
  const request = question({ timeoutMs: 300 });
  const { costUsd, failure } = await run(request);
  const { maxOutputTokens } = request.prompts.classifier?.parameters ?? {};
  const written = ((maxOutputTokens ?? 0) * price.outputUsdPerMTok) / 1e6;
  expect(failure).toMatchObject({ signature: "timeout" });
  expect(failure?.message).toContain("counted at the most it can have cost");
  expect(costUsd).toBeGreaterThan(written);
  expect(costUsd).toBeLessThan(written + 0.001);
});

test("a call whose connection breaks is counted and made again, within the trial's limit", async () => {
  const script = [{ cut: true as const }, { text: "Positive" }];
  const { server, run } = await serve(script);
  const result = await run(question());
  expect(server.requests).toHaveLength(2);
  expect(result).toMatchObject({ outcome: "success", inputTokens: 100 });
  const answered = (100 * 1 + 20 * 10) / 1e6;
  const cutOff = result.costUsd - answered;
  expect(cutOff).toBeGreaterThan(0);
  const tight = await serve(script);
  const costLimitUsd = 1.5 * cutOff;
  const limited = await tight.run(question({ costLimitUsd }));
  expect(tight.server.requests).toHaveLength(1);
  expect(limited.failure?.signature).toBe("model-error");
  expect(limited.costUsd).toBeCloseTo(cutOff, 12);
});
