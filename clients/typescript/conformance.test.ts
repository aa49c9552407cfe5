import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { expect, onTestFinished, test } from "vitest";
import { startMisbehavingServer } from "../conformance/misbehaving-server.mjs";
import scenarios from "../conformance/scenarios.json" with { type: "json" };
import {
  type Fallback,
  GenepoolError,
  PromptService,
  type PromptServiceOptions,
} from "./src/prompt-service.ts";

const worstCallMs = 1_500;

type Get = {
  agent: string;
  tag?: string;
  fallback?: Fallback;
  calls?: number;
  every?: number;
  concurrent?: number;
  withinMs?: number;
};

type Step = {
  server?: unknown;
  advance?: number;
  wallJump?: number;
  restart?: boolean;
  spoil?: string;
  get?: Get;
  report?: { count: number; model?: string };
  flush?: number;
  expect?: Record<string, unknown>;
};

type Scenario = {
  name: string;
  disk?: string;
  bundled?: Record<string, Fallback>;
  options?: { retrySeconds?: number; bufferRuns?: number };
  steps: Step[];
};

type Answered = Record<string, unknown> & { error: string | null };

/** One scenario's client, server, clocks and files. */
class Run {
  readonly #scenario: Scenario;
  readonly #server: Awaited<ReturnType<typeof startMisbehavingServer>>;
  readonly #directory: string;
  #now = 1_000_000;
  #wallNow = 1_800_000_000_000;
  #client: PromptService;
  #answers: Answered[] = [];

  constructor(
    scenario: Scenario,
    server: Awaited<ReturnType<typeof startMisbehavingServer>>,
    directory: string,
  ) {
    this.#scenario = scenario;
    this.#server = server;
    this.#directory = directory;
    this.#client = this.#newClient();
  }

  async step(step: Step): Promise<void> {
    if (step.server !== undefined) await this.#server.order(step.server);
    this.#advance(step.advance ?? 0);
    this.#wallNow += (step.wallJump ?? 0) * 1_000;
    if (step.restart === true) this.#client = this.#newClient();
    if (step.spoil !== undefined) await this.#spoil(step.spoil);
    if (step.get !== undefined) await this.#get(step.get);
    for (let count = step.report?.count ?? 0; count > 0; count -= 1) {
      const model = step.report?.model;
      this.#client.reportRun({
        agentType: "engineer",
        outcome: "success",
        ...(model === undefined ? {} : { model }),
      });
    }
    if (step.flush !== undefined) await this.#client.flush(step.flush * 1_000);
    if (step.expect !== undefined) this.#check(step.expect);
  }

  async stop(): Promise<void> {
    await this.#client.close(0);
    await this.#client.idle();
    await this.#server.stop();
  }

  #newClient(): PromptService {
    const { disk = "kept", bundled, options = {} } = this.#scenario;
    const kept = join(this.#directory, "kept");
    const blocked = join(this.#directory, "file", "below");
    const settings: PromptServiceOptions = {
      cacheDirectory: disk === "none" ? null : disk === "kept" ? kept : blocked,
      now: () => this.#now,
      wallNow: () => this.#wallNow,
      draw: () => 0.5,
      report: {
        ...(options.bufferRuns === undefined ? {} : { bufferRuns: options.bufferRuns }),
        ...(options.retrySeconds === undefined ? {} : { retryMs: options.retrySeconds * 1_000 }),
      },
      ...(bundled === undefined ? {} : { bundled }),
    };
    return new PromptService(`http://127.0.0.1:${this.#server.port}`, "gp_test", settings);
  }

  #advance(seconds: number): void {
    this.#now += seconds * 1_000;
    this.#wallNow += seconds * 1_000;
  }

  async #get(get: Get): Promise<void> {
    this.#answers = [];
    if (get.concurrent !== undefined) {
      const calls = Array.from({ length: get.concurrent }, () => this.#call(get));
      this.#answers = await Promise.all(calls);
    }
    const calls = get.concurrent === undefined ? (get.calls ?? 1) : 0;
    for (let call = 0; call < calls; call += 1) {
      this.#advance(get.every ?? 0);
      this.#answers.push(await this.#call(get));
      if (get.every !== undefined) await this.#client.idle();
    }
    await this.#client.idle();
  }

  async #call(get: Get): Promise<Answered> {
    const startedAt = performance.now();
    const answer = await this.#ask(get);
    expect(performance.now() - startedAt).toBeLessThan(get.withinMs ?? worstCallMs);
    return answer;
  }

  async #ask({ agent, tag, fallback }: Get): Promise<Answered> {
    try {
      const prompt = await this.#client.getPrompt(agent, {
        ...(tag === undefined ? {} : { tag }),
        ...(fallback === undefined ? {} : { fallback }),
      });
      const { source, version, tagGeneration: generation, ageMs } = prompt;
      return {
        error: null,
        source,
        version,
        generation,
        age: ageMs === null ? null : ageMs / 1_000,
      };
    } catch (error) {
      if (error instanceof GenepoolError) return { error: error.code };
      throw error;
    }
  }

  async #spoil(how: string): Promise<void> {
    const folder = join(this.#directory, "kept");
    const files = await readdir(folder);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const path = join(folder, file);
      const data = await readFile(path);
      // A version that reads as well as the right one.
      const at = data.indexOf("1.0.0") + 2;
      data[at] = (data[at] ?? 0) ^ 1;
      const spoilt: Record<string, Buffer> = {
        flip: data,
        truncate: data.subarray(0, data.length / 2),
        garbage: Buffer.from([0, 0xff, 0x7b]),
      };
      await writeFile(path, spoilt[how] ?? expect.fail(`unknown damage: ${how}`));
    }
  }

  #check(wanted: Record<string, unknown>): void {
    const seen = this.#server.seen();
    const { sent, dropped, rejected, waiting } = this.#client.status().reports;
    const { prompts: requests, conditional } = seen;
    const received = seen.runIds.length;
    const totals: Record<string, number> = {
      ...{ requests, conditional, received, sent, dropped, rejected, waiting },
    };
    const ofCalls: Record<string, unknown> = { error: null };
    for (const [name, value] of Object.entries(wanted)) {
      if (name in totals) expect(totals[name], name).toBe(value);
      else if (name === "requestsMax") expect(requests).toBeLessThanOrEqual(Number(value));
      else ofCalls[name] = value;
    }
    for (const answer of this.#answers) expect(answer).toMatchObject(ofCalls);
  }
}

const read: Scenario[] = scenarios;

test.each(read)("$name", async (scenario) => {
  const directory = await mkdtemp(join(tmpdir(), "genepool-client-"));
  await writeFile(join(directory, "file"), "a file, not a directory");
  const run = new Run(scenario, await startMisbehavingServer(), directory);
  onTestFinished(async () => {
    await run.stop();
    await rm(directory, { recursive: true });
  });
  for (const step of scenario.steps) await run.step(step);
});
