import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../errors.ts";

export interface RateLimit {
  /** Changes that one actor may make in `seconds`. */
  points: number;
  seconds: number;
}

/** Far above what people and well-behaved programs do, far below what would hurt the others. */
export const writeRate: RateLimit = { points: 600, seconds: 60 };

/**
 * A limit by actor, counted in this process: behind several web processes each allows as much. The function rejects
 * with AppError("too-many-requests") whose details.retryAfterSeconds says when to come back.
 */
export function createRateLimit(
  { points, seconds }: RateLimit,
  what: string,
): (actor: string) => Promise<void> {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return async (actor) => {
    try {
      await limiter.consume(actor);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
      throw new AppError(
        "too-many-requests",
        `Too many ${what}. Try again in ${retryAfterSeconds} s.`,
        { details: { retryAfterSeconds } },
      );
    }
  };
}
