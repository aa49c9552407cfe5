import { parentPort } from "node:worker_threads";
import type { BoundedTask } from "./bounded.ts";
import { gradeByPattern } from "./patterns.ts";

/** Answers each task with a judgement, or with what went wrong. */
export function listen(): void {
  parentPort?.on("message", ({ grader, answer }: BoundedTask) => {
    try {
      parentPort?.postMessage(gradeByPattern(grader, answer));
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      parentPort?.postMessage({ fault: `The grader failed: ${fault}`.slice(0, 1_000) });
    }
  });
  parentPort?.postMessage("ready");
}
