/** Entry of the worker process that `npm start` keeps: reads the environment, runs until a signal. No logic. */
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { runWorkerProcess } from "./worker-process.ts";

try {
  await runWorkerProcess(env());
  process.exit(0);
} catch (error) {
  console.error(error instanceof AppError ? `genepool: ${error.message}` : error);
  process.exit(1);
}
