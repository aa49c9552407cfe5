import type { Database } from "#lib/db/client.ts";
import type { Logger } from "#lib/log.ts";
import { AppError } from "../errors.ts";
import { exportKnowledge } from "../transfer/knowledge/export-knowledge.ts";

export interface ExportStreamOptions {
  db: Database;
  log: Pick<Logger, "warn">;
  since: Date | null;
  /** Ends the stream: the client has gone. */
  signal: AbortSignal;
  /** A reader that takes nothing for so many ms is taken for gone. */
  stallMs?: number;
}

/** Each holds a connection and a snapshot for as long as its reader takes. */
const exportsMax = 2;
let open = 0;

/**
 * An export as it is read, in the pace of its reader; cancelling it ends its transaction. Throws
 * AppError("too-many-requests") when this process writes two already.
 */
export function exportStream(options: ExportStreamOptions): Response {
  if (open >= exportsMax) {
    throw new AppError("too-many-requests", `${exportsMax} exports are under way: try later.`, {
      details: { retryAfterSeconds: 60 },
    });
  }
  open++;
  const gate = new Gate(options);
  let poured = Promise.resolve();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      poured = pour(controller, gate, options);
    },
    pull: () => gate.open(),
    cancel() {
      gate.leave(new AppError("invalid", "The reader has gone."));
      return poured;
    },
  });
  const headers = { "content-type": "application/x-ndjson", "cache-control": "no-store" };
  return new Response(body, { headers });
}

/** Where the export waits for its reader. */
class Gate {
  readonly #stallMs: number;
  #left: AppError | null = null;
  #go: (() => void) | null = null;

  constructor({ stallMs = 120_000, signal }: ExportStreamOptions) {
    this.#stallMs = stallMs;
    const leave = () => this.leave(new AppError("invalid", "The client has gone."));
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
  }

  get left(): boolean {
    return this.#left !== null;
  }

  open(): void {
    this.#go?.();
  }

  leave(reason: AppError): void {
    this.#left ??= reason;
    this.#go?.();
  }

  /** Until the reader wants more. Throws when it has gone or takes nothing for too long. */
  async pass(): Promise<void> {
    if (this.#left === null) {
      await new Promise<void>((resolve) => {
        const stalled = new AppError("unavailable", "The reader of an export took nothing more.");
        const timer = setTimeout(() => this.leave(stalled), this.#stallMs);
        this.#go = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#go = null;
    }
    this.check();
  }

  check(): void {
    if (this.#left !== null) throw this.#left;
  }
}

async function pour(
  controller: ReadableStreamDefaultController<Uint8Array>,
  gate: Gate,
  { db, log, since }: ExportStreamOptions,
): Promise<void> {
  const encoder = new TextEncoder();
  try {
    await exportKnowledge(db, { since }, async (text) => {
      gate.check();
      controller.enqueue(encoder.encode(text));
      if ((controller.desiredSize ?? 0) <= 0) await gate.pass();
    });
  } catch (error) {
    log.warn({ err: error }, "an export ended before its last line");
    open--;
    // Of a stream that was cancelled, this is nobody's any more.
    controller.error(error);
    return;
  }
  open--;
  if (!gate.left) controller.close();
}
