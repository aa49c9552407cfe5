import { type Announcement, announcedForMs } from "../announcements.ts";
import type { ChangeListener, TagState } from "../db/change-feed.ts";
import { beforeDeadline } from "../deadline.ts";
import { AppError } from "../errors.ts";
import type { MissingReason, ServedPrompt } from "./served-prompt.ts";

/** What a read finds. */
export type SnapshotRead =
  | {
      prompt: ServedPrompt;
      /** Milliseconds since it was last known to be so; null when it is so now. */
      staleMs: number | null;
    }
  | { missing: MissingReason };

export interface SnapshotOptions {
  load: (agentType: string, tag: string) => Promise<ServedPrompt | MissingReason>;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
  /** Told of loads that failed and what was answered instead. */
  failed?: (error: unknown) => void;
  limits?: Partial<SnapshotLimits>;
}

export interface SnapshotLimits {
  /** Answers from memory alone need a poll younger than this. */
  trustMs: number;
  /** How old an answer may be while the database is away. */
  staleMaxMs: number;
  /** How long a read waits for the database. */
  loadMs: number;
  /** After a failure reads do not wait for the database again for this long. */
  pauseMs: number;
  /** Figures and other tags of a prompt change without a notification; they are read again this often. */
  refreshMs: number;
  entriesMax: number;
  bytesMax: number;
}

const defaults: SnapshotLimits = {
  trustMs: 3_500,
  staleMaxMs: 10 * 60_000,
  loadMs: 1_000,
  pauseMs: 500,
  refreshMs: 30_000,
  entriesMax: 2_000,
  bytesMax: 64 * 1024 * 1024,
};

const reportEveryMs = 5_000;

/** One agent type and tag. */
interface Slot {
  agentType: string;
  tag: string;
  /** Null until the first load. */
  prompt: ServedPrompt | null;
  missing: MissingReason | null;
  /** Counts reasons to load; a load satisfies those that arose before it began. */
  wanted: number;
  loaded: number;
  running: Running | null;
  loadedAt: number;
  /** When it was last known to be what the database says. */
  confirmedAt: number;
  failedAt: number;
  usedAt: number;
  /** Reads that wait for it. */
  waiting: number;
}

interface Running {
  promise: Promise<void>;
}

/**
 * Prompts by tag in memory. A read is answered from memory only while a connection tells of changes and nothing was told
 * since the load; else it waits for a load that began after it. Loads of one tag follow one another, so what a tag
 * answers never goes back. Without the database it answers what it last knew, and says so, for a bounded time.
 */
export class PromptSnapshot implements Omit<ChangeListener, "keyChanged"> {
  readonly #slots = new Map<string, Slot>();
  /** Moves of this process that may be under way: the generation each will make, and until when to expect it. */
  readonly #announced = new Map<string, { generation: number; until: number }>();
  readonly #options: SnapshotOptions;
  readonly #limits: SnapshotLimits;
  readonly #now: () => number;
  #listening = false;
  #polledAt = Number.NEGATIVE_INFINITY;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #bytes = 0;

  constructor(options: SnapshotOptions) {
    this.#options = options;
    this.#limits = { ...defaults, ...options.limits };
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * What the tag points at. Throws AppError("unavailable") when the database does not answer and nothing young enough is
   * in memory.
   */
  read(agentType: string, tag: string): SnapshotRead | Promise<SnapshotRead> {
    const now = this.#now();
    const slot = this.#slotOf(agentType, tag);
    slot.usedAt = now;
    const expected = this.#expectedGeneration(slot, now);
    const current = this.#isTrusted(now) && expected === null && slot.loaded === slot.wanted;
    if (current && slot.prompt !== null) return { prompt: slot.prompt, staleMs: null };
    return this.#readThrough(slot);
  }

  /** Takes in what this process is about to change; see `announce`. */
  announced(announcement: Announcement): void {
    if (announcement.kind !== "tag") return;
    const { agentType, tag, generation } = announcement;
    const now = this.#now();
    for (const [name, { until }] of this.#announced) if (until < now) this.#announced.delete(name);
    const name = nameOf(agentType, tag);
    const latest = Math.max(generation, this.#announced.get(name)?.generation ?? 0);
    this.#announced.set(name, { generation: latest, until: now + announcedForMs });
  }

  listening(startedAt: number): void {
    for (const slot of this.#slots.values()) slot.wanted++;
    this.#listening = true;
    this.#polledAt = startedAt;
  }

  lost(error: unknown): void {
    this.#listening = false;
    this.#report(error);
  }

  /** Of one agent type all tags: they may point at one prompt, whose answer names its other tags. */
  tagChanged(agentType: string): void {
    for (const slot of this.#slots.values()) {
      if (slot.agentType === agentType) this.#reload(slot);
    }
  }

  watched(): readonly string[] {
    return [...new Set([...this.#slots.values()].map(({ agentType }) => agentType))];
  }

  polled(tags: readonly TagState[], startedAt: number): void {
    const found = new Map(tags.map((state) => [nameOf(state.agentType, state.tag), state]));
    for (const [name, slot] of this.#slots) {
      // A load since then knows more than this poll.
      if (slot.loadedAt >= startedAt || slot.prompt === null) continue;
      const generation = found.get(name)?.generation ?? null;
      if (generation !== slot.prompt.generation) this.#reload(slot);
      else if (slot.loaded === slot.wanted) slot.confirmedAt = startedAt;
      if (startedAt - slot.loadedAt > this.#limits.refreshMs) this.#ahead(slot);
    }
    this.#polledAt = startedAt;
  }

  #isTrusted(now: number): boolean {
    return this.#listening && now - this.#polledAt <= this.#limits.trustMs;
  }

  #expectedGeneration(slot: Slot, now: number): number | null {
    const name = nameOf(slot.agentType, slot.tag);
    const announced = this.#announced.get(name);
    if (announced === undefined) return null;
    const seen = (slot.prompt?.generation ?? 0) >= announced.generation;
    if (!seen && now <= announced.until) return announced.generation;
    this.#announced.delete(name);
    return null;
  }

  async #readThrough(slot: Slot): Promise<SnapshotRead> {
    const now = this.#now();
    const isAnnounced = this.#expectedGeneration(slot, now) !== null;
    // Where nothing tells of changes only a load that begins from here on is known to be right.
    if (slot.prompt === null || !this.#isTrusted(now) || isAnnounced) slot.wanted++;
    if (slot.prompt !== null && now - slot.failedAt < this.#limits.pauseMs)
      return this.#lastKnown(slot, new AppError("unavailable", "The database does not answer."));
    slot.waiting++;
    try {
      await beforeDeadline(this.#untilCurrent(slot), this.#limits.loadMs);
    } catch (error) {
      slot.failedAt = this.#now();
      this.#report(error);
      // What comes of the attempt is ignored: the next one need not wait for it.
      slot.running = null;
      return this.#lastKnown(slot, error);
    } finally {
      slot.waiting--;
    }
    if (slot.prompt !== null) return { prompt: slot.prompt, staleMs: null };
    return { missing: slot.missing ?? "no-such-tag" };
  }

  #lastKnown(slot: Slot, cause: unknown): SnapshotRead {
    const now = this.#now();
    const staleMs = now - slot.confirmedAt;
    // Who moved the tag here has been told so: the prompt from before is no answer any more.
    const overtaken = this.#expectedGeneration(slot, now) !== null;
    if (slot.prompt !== null && !overtaken && staleMs <= this.#limits.staleMaxMs)
      return { prompt: slot.prompt, staleMs };
    if (cause instanceof AppError) throw cause;
    throw new AppError("unavailable", "The database does not answer, and memory is too old.", {
      cause,
    });
  }

  /** Resolves when everything wanted until now is loaded. Of many callers one loads. */
  async #untilCurrent(slot: Slot): Promise<void> {
    const target = slot.wanted;
    while (slot.loaded < target) await (slot.running ?? this.#start(slot)).promise;
  }

  #start(slot: Slot): Running {
    const running: Running = { promise: Promise.resolve() };
    slot.running = running;
    running.promise = this.#load(slot, () => slot.running === running).finally(() => {
      if (slot.running === running) slot.running = null;
    });
    return running;
  }

  async #load(slot: Slot, isCurrent: () => boolean): Promise<void> {
    const covers = slot.wanted;
    const startedAt = this.#now();
    const found = await this.#options.load(slot.agentType, slot.tag);
    if (!isCurrent()) return;
    if (typeof found !== "string" && (found.generation ?? 0) < (slot.prompt?.generation ?? 0)) {
      throw new AppError("unavailable", "The database answers with an earlier state than before.");
    }
    slot.loaded = Math.max(slot.loaded, covers);
    slot.loadedAt = startedAt;
    slot.confirmedAt = startedAt;
    this.#put(slot, found);
  }

  #put(slot: Slot, found: ServedPrompt | MissingReason): void {
    const isMissing = typeof found === "string";
    if (this.#slots.get(nameOf(slot.agentType, slot.tag)) === slot)
      this.#bytes += (isMissing ? 0 : found.size) - (slot.prompt?.size ?? 0);
    slot.prompt = isMissing ? null : found;
    slot.missing = isMissing ? found : null;
    this.#makeRoom(slot);
  }

  /** Forgets what was not asked for the longest, but nothing that a read waits for: its answers come one by one. */
  #makeRoom(kept: Slot): void {
    const { entriesMax, bytesMax } = this.#limits;
    while (this.#slots.size > entriesMax || this.#bytes > bytesMax) {
      let oldest: Slot | null = null;
      for (const slot of this.#slots.values()) {
        if (slot === kept || slot.running !== null || slot.waiting > 0) continue;
        if (oldest === null || slot.usedAt < oldest.usedAt) oldest = slot;
      }
      if (oldest === null) return;
      this.#slots.delete(nameOf(oldest.agentType, oldest.tag));
      this.#bytes -= oldest.prompt?.size ?? 0;
    }
  }

  /** One line in five seconds says it; every read of an outage would say the same. */
  #report(error: unknown): void {
    const now = this.#now();
    if (now - this.#reportedAt < reportEveryMs) return;
    this.#reportedAt = now;
    this.#options.failed?.(error);
  }

  #reload(slot: Slot): void {
    slot.wanted++;
    this.#ahead(slot);
  }

  /** Loads before anybody asks. A failure leaves the slot wanting, and the next read meets it. */
  #ahead(slot: Slot): void {
    if (slot.running === null) this.#start(slot).promise.catch(() => undefined);
  }

  #slotOf(agentType: string, tag: string): Slot {
    const name = nameOf(agentType, tag);
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const slot: Slot = {
      agentType,
      tag,
      prompt: null,
      missing: null,
      wanted: 0,
      loaded: 0,
      running: null,
      loadedAt: Number.NEGATIVE_INFINITY,
      confirmedAt: Number.NEGATIVE_INFINITY,
      failedAt: Number.NEGATIVE_INFINITY,
      usedAt: this.#now(),
      waiting: 0,
    };
    this.#slots.set(name, slot);
    this.#makeRoom(slot);
    return slot;
  }
}

/** Names of agent types hold no spaces. */
function nameOf(agentType: string, tag: string): string {
  return `${agentType} ${tag}`;
}
