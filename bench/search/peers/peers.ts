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

const miproSettings = { val: 40, minibatch: 20, fullEvery: 5, bootstrapped: 3, labeled: 4 };
const capoSettings = { blocks: 10, crossovers: 4, shots: 5, alpha: 0.2, penalty: 0.05 };

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
      "val 24, best parent": { ...gepaSettings, val: 24, minibatch: 3, selection: "current_best" },
      "val 24, merge": { ...gepaSettings, val: 24, minibatch: 3, merge: true },
    },
    chosen: () => "val 24",
  },
  {
    name: "dspy GEPA",
    package: "dspy==3.4.1",
    script: "dspy_gepa_world.py",
    settings: {
      "val 24": { val: 24, minibatch: 3, merge: true },
      "val 24, minibatch 5": { val: 24, minibatch: 5, merge: true },
      "val 16": { val: 16, minibatch: 3, merge: true },
    },
    chosen: () => "val 24",
  },
  {
    name: "dspy MIPROv2",
    package: "dspy==3.4.1",
    script: "dspy_miprov2_world.py",
    settings: {
      "6 candidates": { ...miproSettings, candidates: 6 },
      "10 candidates": { ...miproSettings, candidates: 10 },
      "16 candidates": { ...miproSettings, candidates: 16 },
      "10 candidates, small batches": { ...miproSettings, candidates: 10, minibatch: 10 },
      "20 candidates, no examples": {
        ...miproSettings,
        candidates: 20,
        bootstrapped: 0,
        labeled: 0,
      },
    },
    chosen: () => "10 candidates",
  },
  {
    name: "CAPO",
    package: "promptolution==2.3.0",
    script: "capo_world.py",
    settings: {
      "6 in blocks of 10": { ...capoSettings, population: 6, block: 10 },
      "6 in blocks of 20": { ...capoSettings, population: 6, block: 20 },
      "4 in blocks of 8": { ...capoSettings, population: 4, block: 8 },
      "6 in blocks of 8": { ...capoSettings, population: 6, block: 8 },
      "10 in blocks of 10": { ...capoSettings, population: 10, block: 10 },
      "6 in blocks of 10, no examples": { ...capoSettings, population: 6, block: 10, shots: 0 },
      "4 in blocks of 10, no penalty": { ...capoSettings, population: 4, block: 10, penalty: 0 },
    },
    chosen: () => "6 in blocks of 10",
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

export function settingsOf(peer: Peer, name: string): Settings {
  const found = peer.settings[name];
  if (found === undefined)
    throw new RangeError(
      `${peer.name} has no settings "${name}": ${Object.keys(peer.settings).join("; ")}`,
    );
  return found;
}
