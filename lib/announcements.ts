/**
 * What this process is about to change in the database, told before it commits. Memory in front of the database then
 * asks the database until it has seen the change: whoever made it never reads the state before it.
 */
export type Announcement =
  | { kind: "tag"; agentType: string; tag: string; generation: number }
  | { kind: "key"; prefix: string };

type Listener = (announcement: Announcement) => void;

/** One set a process, even where a bundler copies this module or reloads it. */
const holder: { [key: symbol]: Set<Listener> | undefined } = globalThis;
const key = Symbol.for("genepool.announcements");

function listeners(): Set<Listener> {
  const known = holder[key] ?? new Set();
  holder[key] = known;
  return known;
}

/** Tells everything in this process that keeps what is about to change. */
export function announce(announcement: Announcement): void {
  for (const listener of listeners()) listener(announcement);
}

/** Hears announcements until the returned function is called. */
export function onAnnouncement(listener: Listener): () => void {
  listeners().add(listener);
  return () => void listeners().delete(listener);
}

/** How long an announced change may still be under way: a transaction's wait and work, and some room. */
export const announcedForMs = 90_000;
