import type { PromptStatus } from "./prompt.ts";

const allowed: Readonly<Record<PromptStatus, readonly PromptStatus[]>> = {
  draft: ["experimental", "archived"],
  experimental: ["candidate", "archived"],
  candidate: ["production", "experimental", "archived"],
  production: ["archived"],
  // A roll-back brings an archived prompt back into production; nothing else leaves the archive.
  archived: ["production"],
};

/** True when the lifecycle allows a prompt to go from one status to the other. */
export function canTransition(from: PromptStatus, to: PromptStatus): boolean {
  return allowed[from].includes(to);
}

/** The statuses a prompt may go to next. */
export function nextStatuses(from: PromptStatus): readonly PromptStatus[] {
  return allowed[from];
}

const releasable: readonly PromptStatus[] = ["draft", "experimental", "candidate"];

/** True when an administrator may put a prompt in this status into production without proof. */
export function isReleasable(status: PromptStatus): boolean {
  return releasable.includes(status);
}

/** True when a prompt in this status can be put to the proof: what is in production or archived cannot. */
export function isProvable(status: PromptStatus): boolean {
  return releasable.includes(status);
}
