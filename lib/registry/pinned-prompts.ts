import { beforeDeadline } from "../deadline.ts";
import type { MissingReason, ServedPrompt } from "./served-prompt.ts";

export interface PinnedOptions {
  load: (agentType: string, version: string) => Promise<ServedPrompt | MissingReason>;
  /** How long a read waits for the database. */
  loadMs?: number;
  bytesMax?: number;
}

/** Versions in memory, the latest used ones. A version never changes, so what is here is right for good. */
export class PinnedPrompts {
  readonly #kept = new Map<string, ServedPrompt>();
  readonly #loading = new Map<string, Promise<ServedPrompt | MissingReason>>();
  readonly #options: Required<PinnedOptions>;
  #bytes = 0;

  constructor(options: PinnedOptions) {
    this.#options = { loadMs: 1_000, bytesMax: 32 * 1024 * 1024, ...options };
  }

  /** Throws what the load throws, or AppError("unavailable") when the database does not answer in time. */
  async read(agentType: string, version: string): Promise<ServedPrompt | MissingReason> {
    const name = `${agentType} ${version}`;
    const kept = this.#kept.get(name);
    if (kept !== undefined) {
      // The order of the map is the order of use.
      this.#kept.delete(name);
      this.#kept.set(name, kept);
      return kept;
    }
    const loading = this.#loading.get(name) ?? this.#load(name, agentType, version);
    return beforeDeadline(loading, this.#options.loadMs);
  }

  #load(name: string, agentType: string, version: string): Promise<ServedPrompt | MissingReason> {
    const loading = this.#options
      .load(agentType, version)
      .then((found) => {
        if (typeof found !== "string") this.#keep(name, found);
        return found;
      })
      .finally(() => this.#loading.delete(name));
    this.#loading.set(name, loading);
    return loading;
  }

  #keep(name: string, prompt: ServedPrompt): void {
    this.#kept.set(name, prompt);
    this.#bytes += prompt.size;
    for (const [oldest, { size }] of this.#kept) {
      if (this.#bytes <= this.#options.bytesMax) return;
      this.#kept.delete(oldest);
      this.#bytes -= size;
    }
  }
}
