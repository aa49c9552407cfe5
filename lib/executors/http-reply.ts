import type { Exchanged } from "./exchange.ts";
import type { Reply } from "./executor.ts";
import { executorFault } from "./foreign-trial.ts";

/** Retry-After in milliseconds, whether it gives seconds or a date; null where it gives neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/** What an exchange says of the trial. */
export function replyOf(answer: Exchanged): Reply {
  if (!answer.ok) {
    const cause = answer.kind === "refused" ? "answer refused" : "not reached";
    const message =
      answer.kind === "refused" ? answer.message : `The agent did not answer: ${answer.message}`;
    return executorFault(cause, message, answer.connected);
  }
  const { status, text, headers } = answer;
  if (status === 200 || status === 201) return { ok: true, text };
  if (status >= 300 && status < 400) {
    const message = `The agent answered ${status} to ${String(headers.location).slice(0, 200)}: redirects are not followed.`;
    return executorFault(`status ${status}`, message, false);
  }
  const said = text.trim() === "" ? "" : ` It said: ${JSON.stringify(text.trim().slice(0, 300))}`;
  const advice = status === 401 || status === 403 ? " Check secretEnv and headersEnv." : "";
  return executorFault(
    `status ${status}`,
    `The agent answered ${status}.${advice}${said}`,
    status >= 500 && status !== 503,
  );
}
