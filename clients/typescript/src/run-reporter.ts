import { type EncodedRun, encodeRun, type RunReport } from "./run.ts";
import type { Answer, Transport } from "./transport.ts";

const batchRunsMax = 100;
const batchBytesMax = 1_048_576;
const runBytesMax = 8 * 1_048_576;
const exitMs = 2_000;

/** Bounds and pauses of the reporter. */
export type ReportOptions = {
  /** Runs that may wait; beyond it the oldest are dropped and counted. 10,000 when absent. */
  bufferRuns?: number;
  /** Bytes that may wait. 32 MiB when absent. */
  bufferBytes?: number;
  /** A batch goes out this often, or when it is full. 1 s when absent. */
  everyMs?: number;
  /** For one request. 5 s when absent. */
  timeoutMs?: number;
  /** First pause after a failure; doubles up to a minute. 1 s when absent. */
  retryMs?: number;
};

const retryMaxMs = 60_000;
const defaults = {
  bufferRuns: 10_000,
  bufferBytes: 32 * 1_048_576,
  everyMs: 1_000,
  timeoutMs: 5_000,
  retryMs: 1_000,
};

/**
 * Sends reported runs in the background: bounded, in batches, again until they arrive, and once more before the process
 * ends by itself. The registry counts a run once, however often it is sent.
 */
export class RunReporter {
  readonly #transport: Transport;
  readonly #options: Required<ReportOptions>;
  readonly #draw: () => number;
  #waiting: EncodedRun[] = [];
  #bytes = 0;
  #inFlight = 0;
  #limit = batchRunsMax;
  #timer: NodeJS.Timeout | null = null;
  #failures = 0;
  #retryAt = 0;
  #hurries = 0;
  #isClosed = false;
  #isListening = false;
  #idle: (() => void)[] = [];
  #counts = { sent: 0, dropped: 0, rejected: 0 };
  #lastError: string | null = null;
  readonly #beforeExit = (): void => {
    if (!this.#isClosed && this.#waiting.length > 0) void this.close(exitMs);
  };

  constructor(transport: Transport, options: ReportOptions, draw: () => number) {
    this.#transport = transport;
    this.#options = { ...defaults, ...options };
    this.#draw = draw;
  }

  /** Buffers a run and answers with its id; throws GenepoolError("invalid") for what cannot be a run. */
  report(report: RunReport): string {
    const run = encodeRun(report);
    if (run.bytes > Math.min(runBytesMax, this.#options.bufferBytes)) {
      this.#counts.dropped += 1;
      this.#lastError = `A run of ${run.bytes} bytes is too large to be sent.`;
      return run.runId;
    }
    this.#waiting.push(run);
    this.#bytes += run.bytes;
    this.#dropOldest();
    if (!this.#isListening && !this.#isClosed) {
      this.#isListening = true;
      process.on("beforeExit", this.#beforeExit);
    }
    this.#schedule();
    return run.runId;
  }

  /** Sends without waiting for a full batch; true when nothing is left within `timeoutMs`. */
  async flush(timeoutMs: number): Promise<boolean> {
    if (this.#isEmpty()) return true;
    this.#hurries += 1;
    this.#retryAt = 0;
    const emptied = new Promise<void>((resolve) => this.#idle.push(resolve));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    this.#schedule();
    await Promise.race([emptied, late]);
    clearTimeout(timer);
    this.#hurries -= 1;
    return this.#isEmpty();
  }

  /** Flushes; what is reported later only waits. */
  async close(timeoutMs: number): Promise<boolean> {
    const isEmpty = await this.flush(timeoutMs);
    this.#isClosed = true;
    process.off("beforeExit", this.#beforeExit);
    if (this.#timer !== null) clearTimeout(this.#timer);
    return isEmpty;
  }

  /** `dropped`: the buffer was full or the run too large; `rejected`: the registry refused it. */
  status() {
    const waiting = this.#waiting.length + this.#inFlight;
    return { waiting, ...this.#counts, lastError: this.#lastError };
  }

  #isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#inFlight === 0;
  }

  #schedule(): void {
    if (this.#inFlight > 0 || this.#waiting.length === 0 || this.#isClosed) return;
    const isUrgent = this.#hurries > 0 || this.#waiting.length >= this.#limit;
    if (this.#timer !== null && !isUrgent) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const pauseMs = Math.max(
      isUrgent ? 0 : this.#options.everyMs,
      this.#retryAt - performance.now(),
    );
    // The process may end meanwhile: then the last flush takes over.
    this.#timer = setTimeout(() => void this.#send(), pauseMs).unref();
  }

  async #send(): Promise<void> {
    this.#timer = null;
    if (this.#isClosed) return;
    const batch = this.#take();
    if (batch.length === 0) return;
    this.#inFlight = batch.length;
    const answer = await this.#post(batch);
    this.#inFlight = 0;
    this.#handle(batch, answer);
    if (this.#isEmpty()) {
      for (const tell of this.#idle.splice(0)) tell();
    }
    this.#schedule();
  }

  #take(): EncodedRun[] {
    let size = 0;
    let count = 0;
    for (const { bytes } of this.#waiting.slice(0, this.#limit)) {
      size += bytes;
      if (count > 0 && size > batchBytesMax) break;
      count += 1;
    }
    const batch = this.#waiting.splice(0, count);
    this.#bytes -= sizeOf(batch);
    return batch;
  }

  async #post(batch: readonly EncodedRun[]): Promise<Answer | null> {
    try {
      return await this.#transport.exchange({
        method: "POST",
        path: "/api/v1/runs",
        headers: { "content-type": "application/json" },
        body: `{"runs":[${batch.map(({ json }) => json).join(",")}]}`,
        timeoutMs: this.#options.timeoutMs,
      });
    } catch (error) {
      this.#lastError = `The registry did not take the runs: ${error instanceof Error ? error.message : error}.`;
      return null;
    }
  }

  #handle(batch: readonly EncodedRun[], answer: Answer | null): void {
    if (answer !== null && answer.status >= 200 && answer.status < 300) {
      this.#counts.sent += batch.length;
      this.#failures = 0;
      this.#limit = Math.min(batchRunsMax, this.#limit * 2);
    } else if (answer !== null && [400, 413, 422].includes(answer.status)) {
      this.#divide(batch, answer);
    } else {
      this.#putBack(batch);
      this.#waitLonger(answer);
    }
  }

  /** One bad run refuses its whole batch: halves find it, and it alone is lost. */
  #divide(batch: readonly EncodedRun[], { status, body }: Answer): void {
    this.#lastError = `The registry answered ${status}: ${body.toString("utf8").slice(0, 500)}`;
    if (batch.length === 1) {
      this.#counts.rejected += 1;
      return;
    }
    this.#putBack(batch);
    this.#limit = Math.ceil(batch.length / 2);
  }

  #putBack(batch: readonly EncodedRun[]): void {
    this.#waiting.unshift(...batch);
    this.#bytes += sizeOf(batch);
    this.#dropOldest();
  }

  #waitLonger(answer: Answer | null): void {
    this.#failures += 1;
    let pauseMs = this.#options.retryMs * 2 ** Math.min(this.#failures - 1, 10);
    if (answer !== null) {
      this.#lastError = `The registry answered ${answer.status}.`;
      pauseMs = Math.max(pauseMs, 1_000 * (Number(answer.retryAfter) || 0));
    }
    const boundedMs = Math.min(pauseMs, retryMaxMs) * (0.8 + 0.2 * this.#draw());
    this.#retryAt = performance.now() + boundedMs;
  }

  #dropOldest(): void {
    const { bufferRuns, bufferBytes } = this.#options;
    let count = 0;
    while (this.#waiting.length - count > bufferRuns || this.#bytes > bufferBytes) {
      this.#bytes -= this.#waiting[count]?.bytes ?? 0;
      count += 1;
    }
    this.#waiting.splice(0, count);
    this.#counts.dropped += count;
  }
}

function sizeOf(runs: readonly EncodedRun[]): number {
  return runs.reduce((sum, { bytes }) => sum + bytes, 0);
}
