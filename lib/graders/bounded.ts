/**
 * Runs graders that users program in a thread of its own, one at a time, for a bounded time and within bounded memory.
 * A schema's references and a path's descents can take exponential time however small they are: the thread is ended,
 * the next grading starts another.
 */
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { failure } from "../domain/trial.ts";
import { type GradedAnswer, type Judgement, ungraded } from "./judgement.ts";
import type { PatternGrader } from "./patterns.ts";

const timeLimitMs = 5_000;
const startLimitMs = 30_000;
const memoryLimitMb = 512;

export interface BoundedTask {
  grader: PatternGrader;
  answer: GradedAnswer;
}

const reply = z.union([
  z.literal("ready"),
  z.object({ score: z.number().min(0).max(1), failure: failure.nullable() }),
  z.object({ fault: z.string() }),
]);
type Reply = z.infer<typeof reply>;

let thread: Worker | null = null;
let queue: Promise<unknown> = Promise.resolve();

/** Judges in the thread; what takes too long or too much memory is a failed grading that says so. */
export function gradeBounded(task: BoundedTask): Promise<Judgement> {
  const judged = queue.then(() => gradeNow(task));
  // The next one waits for this one's end, not for its success.
  queue = judged.catch(() => undefined);
  return judged;
}

/** Ends the thread; the next grading starts another. */
export async function closeBounded(): Promise<void> {
  const ending = thread;
  thread = null;
  await ending?.terminate();
}

async function gradeNow(task: BoundedTask): Promise<Judgement> {
  const { kind } = task.grader;
  try {
    const worker = thread ?? (await startThread());
    thread = worker;
    worker.ref();
    worker.postMessage(task);
    const answer = await nextReply(worker, timeLimitMs);
    if (answer === null) {
      await closeBounded();
      return ungraded(
        `${kind} time`,
        `The ${kind} grader took longer than ${timeLimitMs / 1_000} s on this answer.`,
      );
    }
    if (answer === "ready") throw new Error("The graders' thread answered nothing.");
    if ("fault" in answer) return ungraded(`${kind} fault`, answer.fault);
    return answer;
  } catch (error) {
    await closeBounded();
    const message = error instanceof Error ? error.message : String(error);
    return ungraded(`${kind} ended`, `The ${kind} grader broke off: ${message}`);
  } finally {
    // A thread without work keeps no process alive.
    thread?.unref();
  }
}

async function startThread(): Promise<Worker> {
  const worker = new Worker(new URL("./bounded-worker.mjs", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb, stackSizeMb: 4 },
    // Graders are told all they may know.
    env: {},
  });
  // A thread that breaks between two gradings ends with "exit"; without a listener its error would end the process.
  worker.on("error", () => {
    if (thread === worker) thread = null;
  });
  if ((await nextReply(worker, startLimitMs)) === null) {
    await worker.terminate();
    throw new Error("it did not start");
  }
  return worker;
}

/** The thread's next message, or null when it takes longer; rejects when the thread ends first. */
function nextReply(worker: Worker, limitMs: number): Promise<Reply | null> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
      act();
    };
    const onMessage = (message: unknown) =>
      settle(() => {
        const parsed = reply.safeParse(message);
        if (parsed.success) resolve(parsed.data);
        else reject(parsed.error);
      });
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = () => settle(() => reject(new Error("its thread ended")));
    const timer = setTimeout(() => settle(() => resolve(null)), limitMs);
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
  });
}
