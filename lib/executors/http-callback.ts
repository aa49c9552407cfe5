import { createHmac } from "node:crypto";
import { callbackTokenHash } from "./callback-token.ts";
import type { ExecutorRequest } from "./contract.ts";
import type { HttpSettings } from "./settings.ts";

/** Keeps what callbacks bring, for whichever process waits for it. */
export interface CallbackStore {
  /** Opens a trial's callback, or leaves the one that is open as it is. */
  open(callback: { trialId: string; tokenHash: string; expiresAt: Date }): Promise<void>;
  /** The answer that has come; null as long as none has. */
  answer(trialId: string): Promise<string | null>;
  close(trialId: string): Promise<void>;
}

export interface Callback {
  fields: { callback_url: string; callback_token: string };
  answer(): Promise<string | null>;
  /** Ends it; one that was called off stays open until it expires, for the process that takes the run over. */
  close(calledOff: boolean): Promise<void>;
}

/**
 * Opens a callback where the operator wants one. The token is made of the secret and the trial, so that a process that
 * takes a run over asks with the same one, and the agent's answer to the first asking still counts.
 */
export async function callbackFor(
  settings: Pick<HttpSettings, "callbackBaseUrl" | "secretEnv">,
  {
    variable,
    callbacks,
  }: { variable: (name: string) => string | undefined; callbacks: CallbackStore | null },
  { trial_id: trialId, deadline }: Pick<ExecutorRequest, "trial_id" | "deadline">,
): Promise<Callback | null> {
  const { callbackBaseUrl, secretEnv } = settings;
  const secret = secretEnv === undefined ? undefined : variable(secretEnv);
  if (callbackBaseUrl === undefined || secret === undefined || callbacks === null) return null;
  const token = createHmac("sha256", secret).update(`callback/${trialId}`).digest("base64url");
  const base = callbackBaseUrl.replace(/\/+$/, "");
  await callbacks.open({
    trialId,
    tokenHash: callbackTokenHash(token),
    expiresAt: new Date(deadline),
  });
  return {
    fields: {
      callback_url: `${base}/api/v1/executor-callbacks/${trialId}`,
      callback_token: token,
    },
    answer: () => callbacks.answer(trialId),
    close: async (calledOff) => {
      if (!calledOff) await callbacks.close(trialId);
    },
  };
}
