import { createHash } from "node:crypto";
import { type Announcement, announcedForMs } from "../announcements.ts";
import { beforeDeadline } from "../deadline.ts";
import { AppError } from "../errors.ts";
import type { ApiKey } from "./api-keys.ts";

export interface VerifiedKeysOptions {
  /** Asks the database; null for a key that is not valid. */
  verify: (text: string) => Promise<ApiKey | null>;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
  /** The time of day, for expiry. */
  today?: () => number;
  limits?: Partial<VerifiedKeysLimits>;
}

export interface VerifiedKeysLimits {
  /** How long a verification holds without another look. */
  freshMs: number;
  /** After this long the next look is taken while the last one still holds. */
  aheadMs: number;
  /** How long it holds while the database is away: nobody can revoke a key meanwhile. */
  awayMaxMs: number;
  /** How long a caller waits for the database. */
  verifyMs: number;
  entriesMax: number;
}

const defaults: VerifiedKeysLimits = {
  freshMs: 5_000,
  aheadMs: 2_500,
  awayMaxMs: 10 * 60_000,
  verifyMs: 1_000,
  entriesMax: 10_000,
};

/** After a failure nobody waits for the database again for this long. */
const pauseMs = 500;

interface Entry {
  apiKey: ApiKey;
  verifiedAt: number;
  failedAt: number;
  /** The time of listening that it was verified in. */
  session: number;
}

/**
 * Keys that were verified a moment ago, so that a fetch needs no query. A change of a key is told by the database and
 * forgets it at once; while nothing is told every use asks the database.
 */
export class VerifiedKeys {
  /** By digest: a dump of this memory holds no key. */
  readonly #entries = new Map<string, Entry>();
  readonly #verifying = new Map<string, { asking: Promise<ApiKey | null>; startedAt: number }>();
  /** Keys that this process may be changing, until when. */
  readonly #announced = new Map<string, number>();
  readonly #options: VerifiedKeysOptions;
  readonly #limits: VerifiedKeysLimits;
  readonly #now: () => number;
  /** Grows with each change: a verification that began before one is not kept. */
  #changes = 0;
  #session = 0;
  #listening = false;

  constructor(options: VerifiedKeysOptions) {
    this.#options = options;
    this.#limits = { ...defaults, ...options.limits };
    this.#now = options.now ?? (() => performance.now());
  }

  /** The key, or null when it is not valid. Throws what the verification throws when nothing young enough is known. */
  async verify(text: string): Promise<ApiKey | null> {
    const digest = createHash("sha256").update(text).digest("base64");
    const now = this.#now();
    const entry = this.#entries.get(digest);
    if (entry === undefined || !this.#mayUse(entry, now)) return this.#verifyNow(digest, text);
    if (now - entry.verifiedAt > this.#limits.aheadMs) {
      // Its failure is met by a caller who has to wait for it.
      this.#ask(digest, text).catch(() => undefined);
    }
    return this.#unexpired(entry.apiKey);
  }

  /** Changes are told from now on; see the change feed. */
  listening(): void {
    this.#changes++;
    this.#session++;
    this.#listening = true;
  }

  lost(): void {
    this.#listening = false;
  }

  changed(prefix: string): void {
    this.#changes++;
    for (const [digest, { apiKey }] of this.#entries)
      if (apiKey.prefix === prefix) this.#entries.delete(digest);
  }

  /** Takes in what this process is about to change; see `announce`. */
  announced(announcement: Announcement): void {
    if (announcement.kind !== "key") return;
    const now = this.#now();
    for (const [prefix, until] of this.#announced) if (until < now) this.#announced.delete(prefix);
    this.#announced.set(announcement.prefix, now + announcedForMs);
    this.#changes++;
  }

  #mayUse({ apiKey, verifiedAt, session }: Entry, now: number): boolean {
    if (!this.#listening || session !== this.#session) return false;
    return !this.#isChanging(apiKey.prefix, now) && now - verifiedAt <= this.#limits.freshMs;
  }

  #isChanging(prefix: string, now: number): boolean {
    return (this.#announced.get(prefix) ?? now) > now;
  }

  async #verifyNow(digest: string, text: string): Promise<ApiKey | null> {
    const known = this.#entries.get(digest);
    const now = this.#now();
    const isChanging = known !== undefined && this.#isChanging(known.apiKey.prefix, now);
    if (known !== undefined && !isChanging && now - known.failedAt < pauseMs)
      return this.#whileAway(known, new AppError("unavailable", "The database does not answer."));
    // Who changed the key here has been told so: a query that began before that does not count.
    const asking = isChanging ? this.#options.verify(text) : this.#ask(digest, text);
    try {
      return await beforeDeadline(asking, this.#limits.verifyMs);
    } catch (error) {
      // One that hangs is not waited for a second time.
      this.#verifying.clear();
      const entry = this.#entries.get(digest);
      if (entry === undefined || isChanging) throw error;
      entry.failedAt = this.#now();
      return this.#whileAway(entry, error);
    }
  }

  #whileAway({ apiKey, verifiedAt }: Entry, cause: unknown): ApiKey | null {
    if (this.#now() - verifiedAt > this.#limits.awayMaxMs) throw cause;
    return this.#unexpired(apiKey);
  }

  /** One query for all who ask at the same time, and none for those who ask after a change. */
  #ask(digest: string, text: string): Promise<ApiKey | null> {
    const name = `${this.#changes} ${digest}`;
    const running = this.#verifying.get(name);
    const changes = this.#changes;
    const session = this.#session;
    const verifiedAt = this.#now();
    // One that hangs answers of a moment too long ago.
    if (running !== undefined && verifiedAt - running.startedAt <= this.#limits.verifyMs)
      return running.asking;
    const asking = this.#options
      .verify(text)
      .then((apiKey) => {
        if (apiKey === null) this.#entries.delete(digest);
        else if (changes === this.#changes) this.#keep(digest, { apiKey, verifiedAt, session });
        return apiKey;
      })
      .finally(() => {
        if (this.#verifying.get(name)?.asking === asking) this.#verifying.delete(name);
      });
    this.#verifying.set(name, { asking, startedAt: verifiedAt });
    return asking;
  }

  #keep(digest: string, entry: Omit<Entry, "failedAt">): void {
    this.#entries.delete(digest);
    this.#entries.set(digest, { ...entry, failedAt: Number.NEGATIVE_INFINITY });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#limits.entriesMax && oldest !== undefined)
      this.#entries.delete(oldest);
  }

  #unexpired(apiKey: ApiKey): ApiKey | null {
    const today = this.#options.today ?? Date.now;
    return apiKey.expiresAt !== null && apiKey.expiresAt.getTime() <= today() ? null : apiKey;
  }
}
