import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { isRecord, type PromptData, parsePrompt } from "./prompt.ts";

const format = 1;

export type Kept = {
  prompt: PromptData;
  body: string;
  etag: string | null;
  /** The wall clock's milliseconds when it was written: for information, no decision rests on it. */
  savedAt: number;
};

/** Where programs of this user keep what they can do without. */
export function defaultCacheDirectory(
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const base =
    process.platform === "win32"
      ? environment.LOCALAPPDATA || join(homedir(), "AppData", "Local")
      : environment.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(base, "genepool");
}

/**
 * The registry's last answers on disk, so that a restart without the registry still has its prompts: one file per server,
 * agent type and tag. Any failure leaves the old file or none, never half of one.
 */
export class LastKnownGood {
  readonly #directory: string;
  readonly #url: string;

  constructor(directory: string, url: string) {
    this.#directory = directory;
    this.#url = url;
  }

  /** What was kept, or null when there is nothing whole: a file that is wrong in any way does not count. */
  async load(agentType: string, tag: string): Promise<Kept | null> {
    try {
      const envelope: unknown = JSON.parse(await readFile(this.#path(agentType, tag), "utf8"));
      if (!isRecord(envelope) || typeof envelope.payload !== "string") return null;
      const { payload } = envelope;
      if (envelope.format !== format || envelope.sha256 !== sha256(payload)) return null;
      const kept: unknown = JSON.parse(payload);
      if (!isRecord(kept) || kept.url !== this.#url) return null;
      const { body, etag, saved_at: savedAt } = kept;
      if (typeof body !== "string" || typeof savedAt !== "number") return null;
      return {
        prompt: parsePrompt(body, agentType, tag),
        body,
        etag: typeof etag === "string" ? etag : null,
        savedAt: savedAt * 1_000,
      };
    } catch {
      // No file, an unreadable one and one of garbage mean the same: nothing was kept.
      return null;
    }
  }

  /** Replaces the file in one step, after its bytes reached the disk. Throws what the file system throws. */
  async save(agentType: string, tag: string, kept: Omit<Kept, "prompt">): Promise<void> {
    const { body, etag, savedAt } = kept;
    const payload = JSON.stringify({ url: this.#url, etag, saved_at: savedAt / 1_000, body });
    const path = this.#path(agentType, tag);
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const part = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.part`;
    try {
      const file = await open(part, "wx", 0o600);
      try {
        await file.writeFile(JSON.stringify({ format, sha256: sha256(payload), payload }));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    await syncDirectory(this.#directory);
  }

  /** Removes the file: the registry said that there is no such tag. Throws what the file system throws. */
  async forget(agentType: string, tag: string): Promise<void> {
    await rm(this.#path(agentType, tag), { force: true });
  }

  /** The file's name is a hash: tags are any text, and file systems are particular. */
  #path(agentType: string, tag: string): string {
    const name = sha256(JSON.stringify([this.#url, agentType, tag])).slice(0, 32);
    return join(this.#directory, `${name}.json`);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return; // Directories cannot be opened there.
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
