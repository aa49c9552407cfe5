import { onAnnouncement } from "../announcements.ts";
import { type ChangeFeedOptions, startChangeFeed } from "../db/change-feed.ts";
import type { Database } from "../db/client.ts";
import { verifyApiKey } from "../keys/api-keys.ts";
import { VerifiedKeys } from "../keys/verified-keys.ts";
import type { Logger } from "../log.ts";
import { PinnedPrompts } from "./pinned-prompts.ts";
import { PromptSnapshot, type SnapshotLimits } from "./prompt-snapshot.ts";
import type { PromptSources } from "./serve-prompt.ts";
import { loadPinned, loadTagged } from "./served-prompt.ts";

export interface ControllerPathOptions extends Pick<ChangeFeedOptions, "url" | "pollMs"> {
  db: Database;
  log: Pick<Logger, "warn">;
  limits?: Partial<SnapshotLimits>;
}

/** Everything that answers controllers without a query: prompts and keys in memory, and the feed that keeps them right. */
export interface ControllerPath extends PromptSources {
  keys: Pick<VerifiedKeys, "verify">;
  close(): Promise<void>;
}

/** Starts it; the database may be away. The caller closes it. */
export function startControllerPath(options: ControllerPathOptions): ControllerPath {
  const { db, log, url, limits = {} } = options;
  const tags = new PromptSnapshot({
    load: (agentType, tag) => loadTagged(db, agentType, tag),
    failed: (err) => log.warn({ err }, "prompts are served from memory alone"),
    limits,
  });
  const pinned = new PinnedPrompts({
    load: (agentType, version) => loadPinned(db, agentType, version),
  });
  const keys = new VerifiedKeys({ verify: (text) => verifyApiKey(db, text) });
  const forget = onAnnouncement((announcement) => {
    tags.announced(announcement);
    keys.announced(announcement);
  });
  const stop = startChangeFeed({
    url,
    ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
    listener: {
      listening: (startedAt) => {
        tags.listening(startedAt);
        keys.listening();
      },
      lost: (error) => {
        tags.lost(error);
        keys.lost();
      },
      tagChanged: (agentType) => tags.tagChanged(agentType),
      keyChanged: (prefix) => keys.changed(prefix),
      polled: (states, startedAt) => tags.polled(states, startedAt),
      watched: () => tags.watched(),
    },
  });
  return {
    tags,
    pinned,
    keys,
    close: async () => {
      forget();
      await stop();
    },
  };
}
