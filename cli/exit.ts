import { CommanderError } from "commander";
import { AppError, type ErrorCode } from "#lib/errors.ts";

/** What the command line answers to scripts; documented in `genepool --help`. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  unavailable: 5,
  noCandidate: 6,
} as const;

const exitCodeOf: Readonly<Record<ErrorCode, number>> = {
  invalid: exitCodes.usage,
  unauthenticated: exitCodes.failed,
  forbidden: exitCodes.failed,
  "not-found": exitCodes.notFound,
  conflict: exitCodes.conflict,
  "precondition-failed": exitCodes.conflict,
  "precondition-required": exitCodes.usage,
  "too-many-requests": exitCodes.unavailable,
  unavailable: exitCodes.unavailable,
  internal: exitCodes.failed,
};

/** Prints one sentence for a person to standard error and answers the exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof AppError) {
    console.error(`genepool: ${error.message}`);
    return exitCodeOf[error.code];
  }
  console.error("genepool: unexpected error; please report it with this text:");
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.failed;
}
