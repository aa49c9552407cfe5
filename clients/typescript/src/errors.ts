export type ClientErrorCode =
  | "not-found"
  | "access-refused"
  | "unavailable"
  | "invalid"
  | "render-unavailable";

/** Base of everything this package throws on purpose; `code` is for programs. */
export class GenepoolError extends Error {
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
  }
}

/** The registry answered that the agent type has no such tag; no other tag is ever served instead. */
export class PromptNotFoundError extends GenepoolError {
  readonly agentType: string;
  readonly tag: string;
  readonly reason: string | null;

  constructor(message: string, about: { agentType: string; tag: string; reason: string | null }) {
    super("not-found", message);
    this.agentType = about.agentType;
    this.tag = about.tag;
    this.reason = about.reason;
  }
}

/** The registry refuses the key (401 or 403), and there is no copy to serve. */
export class AccessRefusedError extends GenepoolError {
  readonly status: number;

  constructor(message: string, status: number) {
    super("access-refused", message);
    this.status = status;
  }
}

/** No usable answer within the deadline, no last-known-good copy and no fallback. */
export class RegistryUnavailableError extends GenepoolError {
  constructor(message: string, cause?: unknown) {
    super("unavailable", message, cause);
  }
}
