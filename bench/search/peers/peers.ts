/** The libraries that the search is compared with, and the settings tried for each on tuning worlds. */
import type { DriverJob } from "./driver.ts";

type Settings = DriverJob["settings"];

export interface Peer {
  name: string;
  /** Its package and version. */
  package: string;
  script: string;
  /** Settings by name; the sweep of the tuning worlds tries each. */
  settings: Readonly<Record<string, Settings>>;
  /** The name of the settings chosen on the tuning worlds for a budget. */
  chosen(budget: number): string;
}

const gepaSettings = { selection: "pareto", acceptance: "strict_improvement", merge: false };

export const peers: readonly Peer[] = [
  {
    name: "gepa",
    package: "gepa==0.1.4",
    script: "gepa_world.py",
    settings: {
      "val 16": { ...gepaSettings, val: 16, minibatch: 3 },
      "val 24": { ...gepaSettings, val: 24, minibatch: 3 },
      "val 40": { ...gepaSettings, val: 40, minibatch: 3 },
      "val 24, minibatch 5": { ...gepaSettings, val: 24, minibatch: 5 },
      "val 24, minibatch 8": { ...gepaSettings, val: 24, minibatch: 8 },
      "val 40, minibatch 8": { ...gepaSettings, val: 40, minibatch: 8 },
      "val 40, minibatch 5": { ...gepaSettings, val: 40, minibatch: 5 },
      "val 60, minibatch 8": { ...gepaSettings, val: 60, minibatch: 8 },
      "val 24, best parent": { ...gepaSettings, val: 24, minibatch: 5, selection: "current_best" },
      "val 40, best parent": { ...gepaSettings, val: 40, minibatch: 5, selection: "current_best" },
      "val 24, merge": { ...gepaSettings, val: 24, minibatch: 5, merge: true },
    },
    chosen: () => "val 24",
  },
  {
    name: "harness-evolve",
    package: "harness-evolve==0.3.0",
    script: "harness_evolve_world.py",
    settings: {
      default: { mode: "default", cases: 57 },
      "20 cases": { mode: "default", cases: 20, max_rounds: 60, max_stall: 60 },
    },
    chosen: () => "default",
  },
];

export function peerNamed(name: string): Peer {
  const found = peers.find((peer) => peer.name === name);
  if (found === undefined)
    throw new RangeError(`--peer is one of ${peers.map((peer) => peer.name).join(", ")}`);
  return found;
}

export function settingsOf(peer: Peer, name: string, budget: number): Settings {
  const found = peer.settings[name];
  if (found === undefined)
    throw new RangeError(
      `${peer.name} has no settings "${name}" at ${budget}: ${Object.keys(peer.settings).join("; ")}`,
    );
  return found;
}
