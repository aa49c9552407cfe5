import type { Database, Executor } from "./client.ts";
import { isRetryable, translateDatabaseError } from "./errors.ts";

const attemptsMax = 5;

/**
 * Runs `work` in one transaction and again when it lost against another one (serialization failure, deadlock), five
 * times at most; `work` must therefore do nothing but queries. Database errors come out as AppError.
 */
export async function inTransaction<T>(
  db: Database,
  work: (tx: Executor) => Promise<T>,
): Promise<T> {
  return retrySerializable(() => db.$transaction(work));
}

/** Runs a transaction again while it loses against others; database errors come out as AppError. */
export async function retrySerializable<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === attemptsMax || !isRetryable(error)) throw translateDatabaseError(error);
    }
  }
}
