import type { ProviderFault } from "#lib/domain/trial.ts";
import { retryAfterMs } from "../retry-pause.ts";
import type { Exchanged } from "./exchange.ts";
import type { Reply } from "./executor.ts";
import { executorFault } from "./foreign-trial.ts";

/** Statuses after which the same request may be answered. */
export const passingStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** What an exchange says of the trial. */
export function replyOf(answer: Exchanged): Reply {
  if (!answer.ok) {
    const cause = answer.kind === "refused" ? "answer refused" : "not reached";
    const message =
      answer.kind === "refused" ? answer.message : `The agent did not answer: ${answer.message}`;
    const reply = executorFault(cause, message, answer.connected);
    const passing = { kind: "passing", retryAfterMs: null } as const;
    return answer.kind === "refused" ? reply : { ...reply, fault: passing };
  }
  const { status, text, headers } = answer;
  if (status === 200 || status === 201) return { ok: true, text };
  if (status >= 300 && status < 400) {
    const message = `The agent answered ${status} to ${String(headers.location).slice(0, 200)}: redirects are not followed.`;
    return executorFault(`status ${status}`, message, false);
  }
  const said = text.trim() === "" ? "" : ` It said: ${JSON.stringify(text.trim().slice(0, 300))}`;
  const advice = status === 401 || status === 403 ? " Check secretEnv and headersEnv." : "";
  const reply = executorFault(
    `status ${status}`,
    `The agent answered ${status}.${advice}${said}`,
    status >= 500 && status !== 503,
  );
  const fault = faultOf(status, headers["retry-after"]);
  return fault === undefined ? reply : { ...reply, fault };
}

function faultOf(status: number, retryAfter: string | undefined): ProviderFault | undefined {
  if (passingStatuses.has(status))
    return { kind: "passing", retryAfterMs: retryAfterMs(retryAfter, Date.now()) };
  return status === 401 || status === 403 ? { kind: "refused", model: null } : undefined;
}
