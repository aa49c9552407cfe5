import { CircuitBreaker } from "./circuit-breaker.ts";
import {
  AccessRefusedError,
  GenepoolError,
  PromptNotFoundError,
  RegistryUnavailableError,
} from "./errors.ts";
import type { LastKnownGood } from "./last-known-good.ts";
import { isRecord, type PromptData, parsePrompt } from "./prompt.ts";
import type { Copy, Slot } from "./slot.ts";
import type { Answer, Transport } from "./transport.ts";

// A file that says again what it said is rewritten this seldom, so that its age stays a useful figure.
const resaveMs = 300_000;

export type Clocks = {
  /** Milliseconds that never go back: all decisions rest on it. */
  now: () => number;
  /** Milliseconds since 1970, for the age of files. */
  wallNow: () => number;
  /** Between 0 and 1, for jitter. */
  draw: () => number;
};

export type FetcherOptions = Clocks & {
  transport: Transport;
  kept: LastKnownGood | null;
  refreshMs: number;
  timeoutMs: number;
};

type Fetched = { prompt: PromptData; body: string; etag: string | null };

/** One attempt to learn about a slot: the disk first, then the registry, then what follows from its answer. */
export class Fetcher {
  readonly breaker: CircuitBreaker;
  readonly #options: FetcherOptions;
  #requests = 0;
  #generationsRefused = 0;
  #lastError: string | null = null;
  #diskError: string | null = null;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.breaker = new CircuitBreaker(options.draw);
  }

  status() {
    return {
      requests: this.#requests,
      circuit: this.breaker.isOpen ? ("open" as const) : ("closed" as const),
      generationsRefused: this.#generationsRefused,
      lastError: this.#lastError,
      diskError: this.#diskError,
    };
  }

  /**
   * Updates the slot within the deadline and answers with what is left to write to the disk. Never rejects: a failure is
   * part of the slot's state.
   */
  async run(slot: Slot, isAdmitted: boolean): Promise<() => Promise<void>> {
    const startedAt = performance.now();
    await this.#load(slot);
    if (!isAdmitted) return async () => undefined;
    this.#requests += 1;
    const timeoutMs = Math.max(1, this.#options.timeoutMs - (performance.now() - startedAt));
    const fetched = await this.#ask(slot, timeoutMs);
    if (!(fetched instanceof GenepoolError)) return this.#succeeded(slot, fetched);
    this.#failed(slot, fetched);
    if (!(fetched instanceof PromptNotFoundError)) return async () => undefined;
    return () => this.#onDisk((kept) => kept.forget(slot.agentType, slot.tag));
  }

  async #ask(slot: Slot, timeoutMs: number): Promise<Fetched | "confirmed" | GenepoolError> {
    const { agentType, tag } = slot;
    const etag = slot.copy?.etag ?? null;
    try {
      const answer = await this.#options.transport.exchange({
        method: "GET",
        path: `/api/v1/agents/${encodeURIComponent(agentType)}/prompt?tag=${encodeURIComponent(tag)}`,
        headers: etag === null ? {} : { "if-none-match": etag },
        timeoutMs,
      });
      if (answer.status === 304 && etag !== null) return "confirmed";
      if (answer.status !== 200) return refusalOf(answer, slot);
      const body = new TextDecoder("utf-8", { fatal: true }).decode(answer.body);
      return { prompt: parsePrompt(body, agentType, tag), body, etag: answer.etag };
    } catch (cause) {
      return new RegistryUnavailableError(
        `The registry gave no usable answer: ${messageOf(cause)}.`,
        cause,
      );
    }
  }

  #failed(slot: Slot, error: GenepoolError): void {
    const now = this.#options.now();
    slot.error = error;
    slot.failures += 1;
    this.#lastError = error.message;
    const pauseMs = Math.min(this.#options.refreshMs, 1_000 * 2 ** Math.min(slot.failures - 1, 10));
    slot.dueAt = now + pauseMs * this.#jitter();
    if (error instanceof RegistryUnavailableError) {
      this.breaker.failed(now);
      return;
    }
    this.breaker.succeeded();
    if (error instanceof PromptNotFoundError) {
      // The registry knows better than any copy; a tag that is made again may count from 1.
      slot.copy = null;
      slot.generationFloor = 0;
    }
  }

  #succeeded(slot: Slot, fetched: Fetched | "confirmed"): () => Promise<void> {
    const now = this.#options.now();
    this.breaker.succeeded();
    slot.dueAt = now + this.#options.refreshMs * this.#jitter();
    if (fetched !== "confirmed" && !isNewer(slot, fetched.prompt)) {
      this.#generationsRefused += 1;
      return async () => undefined;
    }
    slot.failures = 0;
    slot.error = null;
    const held = slot.copy;
    const copy = fetched === "confirmed" ? held : fetched;
    if (copy === null) return async () => undefined;
    const confirmed = fetched === "confirmed" ? "revalidated" : "live";
    const confirmedCopy: Copy = { ...copy, confirmed, confirmedAt: now, ageThenMs: 0 };
    slot.copy = confirmedCopy;
    const isSame = held?.body === copy.body;
    if (isSame && slot.savedAt !== null && now - slot.savedAt < resaveMs)
      return async () => undefined;
    return () => this.#save(slot, confirmedCopy);
  }

  /** Bounded by the call's deadline: a disk may hang. Where it does, the next attempt goes to the registry. */
  async #load(slot: Slot): Promise<void> {
    const { kept, timeoutMs, wallNow, now } = this.#options;
    if (slot.isLoaded || kept === null) return;
    slot.isLoaded = true;
    const found = await beforeDeadline(kept.load(slot.agentType, slot.tag), timeoutMs);
    if (found === null) return;
    const ageThenMs = Math.max(0, wallNow() - found.savedAt);
    slot.copy = { ...found, confirmed: "last-known-good", confirmedAt: now(), ageThenMs };
  }

  /** Skipped while an earlier write of the same file hangs: then the next confirmation writes. */
  async #save(slot: Slot, copy: Copy): Promise<void> {
    if (slot.isSaving) return;
    slot.isSaving = true;
    const savedAt = this.#options.wallNow();
    const { body, etag } = copy;
    await this.#onDisk((kept) => kept.save(slot.agentType, slot.tag, { body, etag, savedAt }));
    slot.isSaving = false;
    // A disk that is full is tried again as seldom as a file is rewritten.
    slot.savedAt = this.#options.now();
  }

  async #onDisk(write: (kept: LastKnownGood) => Promise<void>): Promise<void> {
    if (this.#options.kept === null) return;
    try {
      await write(this.#options.kept);
      this.#diskError = null;
    } catch (error) {
      this.#diskError = messageOf(error);
    }
  }

  #jitter(): number {
    return 0.9 + 0.2 * this.#options.draw();
  }
}

/** False for what a replica answers that lags behind what was served; one generation never holds two prompts. */
function isNewer(slot: Slot, prompt: PromptData): boolean {
  const generation = prompt.tagGeneration ?? 0;
  const { generationFloor: floor, copy: held } = slot;
  if (generation !== floor || held === null || held.prompt.tagGeneration !== floor)
    return generation >= floor;
  return held.prompt.contentHash === prompt.contentHash;
}

function refusalOf({ status, body }: Answer, { agentType, tag }: Slot): GenepoolError {
  const { code, message, reason } = readEnvelope(body.toString("utf8"));
  // A proxy's 404 says nothing about the tag: only the registry's own machine code does.
  if (status === 404 && code === "not-found")
    return new PromptNotFoundError(message ?? "No such tag.", { agentType, tag, reason });
  const said = message ?? `status ${status}`;
  if (status === 401 || status === 403)
    return new AccessRefusedError(`The registry refuses this key: ${said}`, status);
  return new RegistryUnavailableError(`The registry answered ${status}: ${said}`);
}

type ErrorEnvelope = { code: string | null; message: string | null; reason: string | null };

function readEnvelope(text: string): ErrorEnvelope {
  const body = parseJson(text);
  const error = isRecord(body) && isRecord(body.error) ? body.error : {};
  const details = isRecord(error.details) ? error.details : {};
  return {
    code: textOrNull(error.code),
    message: textOrNull(error.message),
    reason: textOrNull(details.reason),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A failure that is not the registry's own envelope is judged by its status.
    return null;
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function beforeDeadline<T>(work: Promise<T>, timeoutMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
