import { readFileSync } from "node:fs";
import { GenepoolError, RegistryUnavailableError } from "./errors.ts";
import { Fetcher } from "./fetcher.ts";
import { defaultCacheDirectory, LastKnownGood } from "./last-known-good.ts";
import {
  type Fallback,
  fallbackPrompt,
  isRecord,
  Prompt,
  type PromptData,
  type RenderTemplate,
} from "./prompt.ts";
import type { RunReport } from "./run.ts";
import { type ReportOptions, RunReporter } from "./run-reporter.ts";
import { ageMsOf, emptySlot, type Flight, missingOf, type Slot, sourceOf } from "./slot.ts";
import { Transport } from "./transport.ts";

export {
  AccessRefusedError,
  type ClientErrorCode,
  GenepoolError,
  PromptNotFoundError,
  RegistryUnavailableError,
} from "./errors.ts";
export type {
  Fallback,
  MessageRole,
  Prompt,
  PromptMessage,
  PromptSource,
  RenderTemplate,
} from "./prompt.ts";
export { promptSources, splitMessages } from "./prompt.ts";
export type { RunFailure, RunReport, RunStep } from "./run.ts";
export type { ReportOptions } from "./run-reporter.ts";

export type PromptServiceOptions = {
  /** What any call may take, whatever the server does. 1 s when absent. */
  timeoutMs?: number;
  /** How often a prompt in use is asked for again, in the background. 15 s when absent. */
  refreshMs?: number;
  /** From this age on a call waits for the registry first, and what it could not confirm is "stale". 60 s when absent. */
  staleAfterMs?: number;
  /** Where last-known-good copies are kept: the user's cache directory when absent, nowhere when null. */
  cacheDirectory?: string | null;
  /** By agent type or "agent type:tag"; or the path of a JSON file of them. */
  bundled?: Readonly<Record<string, Fallback>> | string;
  /** What `prompt.render` calls. */
  render?: RenderTemplate;
  report?: ReportOptions;
  /** For tests: a monotonic clock in milliseconds, the wall clock, and draws between 0 and 1. */
  now?: () => number;
  wallNow?: () => number;
  draw?: () => number;
};

/**
 * Serves prompts of one registry from memory, keeps them fresh in the background, and has a way out when the registry is
 * away. Make one per process.
 */
export class PromptService {
  readonly #timeoutMs: number;
  readonly #staleAfterMs: number;
  readonly #now: () => number;
  readonly #render: RenderTemplate | null;
  readonly #bundled: ReadonlyMap<string, Fallback>;
  readonly #slots = new Map<string, Slot>();
  readonly #airborne = new Set<Promise<void>>();
  readonly #fetcher: Fetcher;
  readonly #reporter: RunReporter;

  /** Throws GenepoolError("invalid") for settings that cannot work, and what reading a bundled file throws. */
  constructor(url: string, key: string, options: PromptServiceOptions = {}) {
    const { timeoutMs = 1_000, refreshMs = 15_000, staleAfterMs = 60_000 } = options;
    const { now = () => performance.now(), wallNow = Date.now, draw = Math.random } = options;
    const transport = new Transport(url, key);
    const directory =
      options.cacheDirectory === undefined
        ? // biome-ignore lint/style/noProcessEnv: a library has no configuration file of its program.
          defaultCacheDirectory(process.env)
        : options.cacheDirectory;
    const kept = directory === null ? null : new LastKnownGood(directory, url.replace(/\/+$/, ""));
    this.#timeoutMs = timeoutMs;
    this.#staleAfterMs = staleAfterMs;
    this.#now = now;
    this.#render = options.render ?? null;
    this.#bundled = readBundled(options.bundled ?? {});
    this.#fetcher = new Fetcher({ transport, kept, refreshMs, timeoutMs, now, wallNow, draw });
    this.#reporter = new RunReporter(transport, options.report ?? {}, draw);
  }

  /**
   * The prompt behind a tag (prod when absent), within the deadline. Throws PromptNotFoundError when the registry says that
   * there is no such tag and the call gives no `fallback`; AccessRefusedError or RegistryUnavailableError when there is
   * nothing at all to serve.
   */
  async getPrompt(
    agentType: string,
    options: { tag?: string; fallback?: Fallback } = {},
  ): Promise<Prompt> {
    const { tag = "prod", fallback } = options;
    const given = fallback === undefined ? null : fallbackPrompt(fallback, agentType, tag);
    const reserve = given ?? this.#bundledPrompt(agentType, tag);
    const slot = this.#slotOf(agentType, tag);
    const flight = this.#takeOff(slot, reserve !== null);
    if (flight !== null && this.#mustWait(slot, reserve !== null)) await this.#await(flight);
    return this.#answer(slot, given, reserve);
  }

  /** Notes one run and returns its id at once; throws GenepoolError("invalid") for what cannot be a run. */
  reportRun(run: RunReport): string {
    return this.#reporter.report(run);
  }

  /** Sends the reported runs now; true when all were handled within `timeoutMs`. */
  flush(timeoutMs = 5_000): Promise<boolean> {
    return this.#reporter.flush(timeoutMs);
  }

  /** Flushes and stops the reporter. Called by itself when the process ends by itself, not at process.exit(). */
  close(timeoutMs = 2_000): Promise<boolean> {
    return this.#reporter.close(timeoutMs);
  }

  /** Counts and states for a health page. */
  status() {
    return { ...this.#fetcher.status(), reports: this.#reporter.status() };
  }

  /** Resolves when no prompt is being asked for or written to disk. */
  async idle(): Promise<void> {
    await Promise.all(this.#airborne);
  }

  #slotOf(agentType: string, tag: string): Slot {
    const name = JSON.stringify([agentType, tag]);
    const slot = this.#slots.get(name) ?? emptySlot(agentType, tag);
    this.#slots.set(name, slot);
    return slot;
  }

  #bundledPrompt(agentType: string, tag: string): PromptData | null {
    const given = this.#bundled.get(`${agentType}:${tag}`) ?? this.#bundled.get(agentType);
    return given === undefined ? null : fallbackPrompt(given, agentType, tag);
  }

  /** The flight under way, or a new one where the slot is due; null when memory is fresh enough or asking is off. */
  #takeOff(slot: Slot, hasReserve: boolean): Flight | null {
    if (slot.flight !== null) return slot.flight;
    const now = this.#now();
    const hasSomething = slot.copy !== null || (hasReserve && slot.failures > 0);
    if (hasSomething && now < slot.dueAt) return null;
    const isAdmitted = this.#fetcher.breaker.admit(now);
    if (!isAdmitted && slot.isLoaded) return null;
    const run = this.#fetcher.run(slot, isAdmitted);
    const landed = run.then(() => {
      slot.flight = null;
    });
    const saved = run.then((write) => write());
    this.#airborne.add(saved);
    void saved.finally(() => this.#airborne.delete(saved));
    slot.flight = { landed, saved };
    return slot.flight;
  }

  /** Whoever has something to serve waits only for a server that answered last time. */
  #mustWait(slot: Slot, hasReserve: boolean): boolean {
    if (slot.copy === null) return !hasReserve || slot.failures === 0;
    return slot.failures === 0 && ageMsOf(slot.copy, this.#now()) > this.#staleAfterMs;
  }

  async #await({ landed }: Flight): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      // A little later than the flight's own deadline, so that its failure is what the caller learns.
      timer = setTimeout(resolve, this.#timeoutMs + 100);
    });
    await Promise.race([landed, late]);
    clearTimeout(timer);
  }

  #answer(slot: Slot, given: PromptData | null, reserve: PromptData | null): Prompt {
    const missing = missingOf(slot);
    const { copy, error } = slot;
    const render = this.#render;
    if (missing === null && copy !== null) {
      const now = this.#now();
      slot.generationFloor = Math.max(slot.generationFloor, copy.prompt.tagGeneration ?? 0);
      const source = sourceOf(copy, now, this.#staleAfterMs);
      return new Prompt(copy.prompt, { source, ageMs: ageMsOf(copy, now), render });
    }
    const fallback = missing === null ? reserve : given;
    if (fallback !== null) return new Prompt(fallback, { source: "fallback", ageMs: null, render });
    if (error !== null) throw error;
    throw new RegistryUnavailableError(
      `No prompt for "${slot.agentType}" with tag "${slot.tag}": the registry does not answer.`,
    );
  }
}

function readBundled(
  bundled: Readonly<Record<string, Fallback>> | string,
): ReadonlyMap<string, Fallback> {
  const prompts: unknown =
    typeof bundled === "string" ? JSON.parse(readFileSync(bundled, "utf8")) : bundled;
  if (!isRecord(prompts)) throw new GenepoolError("invalid", "The bundled prompts are no object.");
  const read = new Map<string, Fallback>();
  for (const [name, given] of Object.entries(prompts)) {
    const { content, version, parameters, tools } = fallbackPrompt(asFallback(given), name, "");
    read.set(name, { content, parameters, tools, ...(version === null ? {} : { version }) });
  }
  return read;
}

function asFallback(given: unknown): Fallback {
  if (typeof given === "string") return given;
  if (isRecord(given) && typeof given.content === "string")
    return { ...given, content: given.content };
  throw new GenepoolError("invalid", "A bundled prompt needs a text or {content}.");
}
