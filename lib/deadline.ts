import { AppError } from "./errors.ts";

/**
 * The promise's own result, or AppError("unavailable") when it takes longer than `ms`; the work itself goes on and its
 * late failure is nobody's any more.
 */
export async function beforeDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError("unavailable", `The database did not answer within ${ms} ms.`));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
