/** One search of one library in one world: its task calls and its proposals, answered and counted. Everything is simulated. */
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { draw } from "#lib/random.ts";
import { type OperatorShares, WorldEdits } from "../label-world/edits.ts";
import type { WorldRow } from "../label-world/rows.ts";
import type { LabelWorld } from "../label-world/world.ts";
import { WorldTrials } from "../label-world/world-trials.ts";
import { genomeOf, textOf, withRows } from "./prompt-text.ts";
import { readProposalRequest } from "./proposal-requests.ts";

/** Rows that examples may be taken from; no prompt is measured on them. */
const examplesKept = 40;

export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

export interface TaskAnswer {
  text: string;
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
}

export interface PeerCounts {
  /** Task calls that a user would pay for: at temperature 0 a repeated request is answered from memory. */
  ordered: number;
  /** Task calls that the library made. */
  asked: number;
  proposals: number;
}

export interface PeerSessionOptions {
  /** What the first request for a prompt is answered with, instead of an edit by chance. */
  offered?: PromptGenome;
  shares?: OperatorShares;
}

export class PeerSession {
  readonly trials: WorldTrials;
  readonly examples: readonly WorldRow[];
  readonly rows: readonly WorldRow[];
  private readonly edits: WorldEdits;
  private readonly byInput: ReadonlyMap<string, WorldRow>;
  private readonly byText = new Map<string, PromptGenome>();
  private asked = 0;
  private proposals = 0;

  constructor(
    readonly world: LabelWorld,
    readonly seed: number,
    private readonly options: PeerSessionOptions = {},
  ) {
    this.trials = new WorldTrials(world, seed);
    // The same rows are examples for the baselines.
    const order = draw("label-world", "sample", seed).shuffle(world.rows);
    this.examples = order.slice(0, examplesKept);
    this.rows = order.slice(examplesKept);
    this.byInput = new Map(world.rows.map((row) => [row.input, row]));
    const { trials } = this;
    const knowledge = {
      runsOf: (genome: PromptGenome) => trials.runsOf(genome),
      passRatesOf: (genome: PromptGenome) => trials.passRatesOf(genome),
      measured: () => trials.prompts(),
      exampleIds: this.examples.map(({ id }) => id),
      scoringIds: this.rows.map(({ id }) => id),
    };
    this.edits = new WorldEdits(world, seed, knowledge, options.shares);
  }

  get counts(): PeerCounts {
    return { ordered: this.trials.ordered, asked: this.asked, proposals: this.proposals };
  }

  get startText(): string {
    return textOf(this.world.start);
  }

  genomeOf(text: string): PromptGenome {
    return genomeOf(text, this.world.start);
  }

  /** The prompt of a task request: its instruction, and as examples the rows that stand between that and the last line. */
  promptOf(messages: readonly Message[]): PromptGenome {
    const system = messages.find(({ role }) => role === "system")?.content;
    const first = messages.find(({ role }) => role === "user")?.content ?? "";
    const whole = messages.map(({ content }) => content).join("\n");
    const lines = whole.trim().split("\n");
    const rows = lines.slice(0, -1).flatMap((line) => this.byInput.get(line.trim()) ?? []);
    // CAPO writes instruction, examples and row as one text; "Input:" begins what is not the instruction.
    const instruction = system ?? first.split(/\n+Input:\n?/)[0] ?? "";
    const plain = system === undefined && !first.includes("\nInput:");
    const text = plain ? withoutLastLine(first) : instruction;
    const key = [text, ...rows.map(({ id }) => id)].join("\n");
    // The same object for the same prompt: worlds and trials know their prompts by it.
    const genome = this.byText.get(key) ?? withRows(this.genomeOf(text), rows);
    this.byText.set(key, genome);
    return genome;
  }

  answer(messages: readonly Message[]): TaskAnswer {
    const input = messages.at(-1)?.content.trim().split("\n").at(-1)?.trim() ?? "";
    const row = this.byInput.get(input);
    if (row === undefined) throw new RangeError("the last line of a task request must be a row");
    this.asked++;
    const [record] = this.trials.run(this.promptOf(messages), [row.id]);
    if (record === undefined) throw new Error("a trial has no result");
    const { steps, inputTokens, outputTokens, costUsd } = record.result;
    const answer = steps[0];
    const text = answer !== undefined && "text" in answer ? String(answer.text) : "";
    return { text, inputTokens, outputTokens, costUsd };
  }

  /** Answers in order until so many calls are paid for; null for those that are left. */
  answerAll(requests: readonly (readonly Message[])[], orderedMax: number): (TaskAnswer | null)[] {
    return requests.map((messages) =>
      this.trials.ordered < orderedMax ? this.answer(messages) : null,
    );
  }

  /** An edit of the world, the same as the baselines draw, in the form that the library reads. */
  async propose(messages: readonly Message[]): Promise<string> {
    const request = readProposalRequest({
      system: messages.find(({ role }) => role === "system")?.content ?? "",
      user: messages.at(-1)?.content ?? "",
    });
    if (request.kind === "text") return request.reply("");
    this.proposals++;
    const { offered } = this.options;
    if (this.proposals === 1 && offered !== undefined) return request.reply(textOf(offered));
    const [own = "", other] = request.prompts;
    const parent = this.genomeOf(own);
    const child =
      request.kind === "merge" && other !== undefined
        ? await this.edits.cross(parent, this.genomeOf(other), this.proposals)
        : await this.edits.edit(parent, this.proposals);
    return request.reply(textOf(child ?? parent));
  }
}

function withoutLastLine(text: string): string {
  return text.trim().split("\n").slice(0, -1).join("\n");
}
