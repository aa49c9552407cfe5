/** The libraries that the search is compared with, and the settings tried for each on tuning worlds. */
import type { OperatorShares } from "../label-world/edits.ts";
import type { DriverJob } from "./driver.ts";

export interface Peer {
  name: string;
  /** Its package and version. */
  package: string;
  script: string;
  /** Settings by name; the sweep of the tuning worlds tries each. */
  settings: Readonly<Record<string, PeerSettings>>;
  /** The names of the settings that the tuning worlds chose, for success and for the front. */
  chosen: Readonly<Record<"success" | "hypervolume", string>>;
}

export interface PeerSettings {
  driver: DriverJob["settings"];
  /** How the edits that it asks for are drawn among the product's operators, as for the baselines. */
  shares: OperatorShares;
}

const product = (driver: DriverJob["settings"]): PeerSettings => ({ driver, shares: "product" });
const even = (driver: DriverJob["settings"]): PeerSettings => ({ driver, shares: "even" });

const gepa = { selection: "pareto", acceptance: "strict_improvement", merge: false, minibatch: 3 };
const mipro = { val: 40, minibatch: 20, fullEvery: 5, bootstrapped: 3, labeled: 4 };
const capo = { blocks: 10, crossovers: 4, shots: 5, alpha: 0.2, penalty: 0.05 };

export const peers: readonly Peer[] = [
  {
    name: "gepa",
    package: "gepa==0.1.4",
    script: "gepa_world.py",
    settings: {
      "val 16": product({ ...gepa, val: 16 }),
      "val 24": product({ ...gepa, val: 24 }),
      "val 40": product({ ...gepa, val: 40 }),
      "val 24, minibatch 8": product({ ...gepa, val: 24, minibatch: 8 }),
      "val 24, best parent": product({ ...gepa, val: 24, selection: "current_best" }),
      "val 24, merge": product({ ...gepa, val: 24, merge: true }),
      "val 24, operators evenly": even({ ...gepa, val: 24 }),
      "val 24, minibatch 8, operators evenly": even({ ...gepa, val: 24, minibatch: 8 }),
    },
    chosen: { success: "val 24", hypervolume: "val 24, operators evenly" },
  },
  {
    name: "dspy GEPA",
    package: "dspy==3.4.1",
    script: "dspy_gepa_world.py",
    settings: {
      "val 24": product({ val: 24, minibatch: 3, merge: true }),
      "val 24, operators evenly": even({ val: 24, minibatch: 3, merge: true }),
    },
    chosen: { success: "val 24", hypervolume: "val 24, operators evenly" },
  },
  {
    name: "dspy MIPROv2",
    package: "dspy==3.4.1",
    script: "dspy_miprov2_world.py",
    settings: {
      "6 candidates": product({ ...mipro, candidates: 6 }),
      "10 candidates": product({ ...mipro, candidates: 10 }),
      "20 candidates, no examples": product({
        ...mipro,
        candidates: 20,
        bootstrapped: 0,
        labeled: 0,
      }),
      "20 candidates, no examples, operators evenly": even({
        ...mipro,
        candidates: 20,
        bootstrapped: 0,
        labeled: 0,
      }),
    },
    chosen: {
      success: "10 candidates",
      hypervolume: "20 candidates, no examples, operators evenly",
    },
  },
  {
    name: "CAPO",
    package: "promptolution==2.3.0",
    script: "capo_world.py",
    settings: {
      "6 in blocks of 10": product({ ...capo, population: 6, block: 10 }),
      "4 in blocks of 8": product({ ...capo, population: 4, block: 8 }),
      "6 in blocks of 10, no examples": product({ ...capo, population: 6, block: 10, shots: 0 }),
      "6 in blocks of 10, no examples, operators evenly": even({
        ...capo,
        population: 6,
        block: 10,
        shots: 0,
      }),
    },
    chosen: {
      success: "6 in blocks of 10, no examples",
      hypervolume: "6 in blocks of 10, no examples, operators evenly",
    },
  },
  {
    name: "harness-evolve",
    package: "harness-evolve==0.3.0",
    script: "harness_evolve_world.py",
    settings: {
      default: product({ mode: "default", cases: 57 }),
      "20 cases": product({ mode: "default", cases: 20, max_rounds: 60, max_stall: 60 }),
    },
    chosen: { success: "20 cases", hypervolume: "20 cases" },
  },
];

export function peerNamed(name: string): Peer {
  const found = peers.find((peer) => peer.name === name);
  if (found === undefined)
    throw new RangeError(`--peer is one of ${peers.map((peer) => peer.name).join(", ")}`);
  return found;
}

export function settingsOf(peer: Peer, name: string): PeerSettings {
  const found = peer.settings[name];
  if (found === undefined)
    throw new RangeError(
      `${peer.name} has no settings "${name}": ${Object.keys(peer.settings).join("; ")}`,
    );
  return found;
}
