/**
 * Runs of the workbench with exactly one planted fault, so that the truth about each is known by construction: a critic
 * that does not see the error, an engineer that does not act on the objection, or both doing their part on a design
 * that fails nevertheless. The first design is the wrapped model's own; what follows is scripted. The coach sees the
 * trace and the outcome, as in any run, and nothing of the plan.
 */
import type {
  LanguageModelV3,
  LanguageModelV3Content,
  LanguageModelV3GenerateResult,
} from "@ai-sdk/provider";
import { type Draws, draw } from "#lib/random.ts";
import { requireFamily } from "./families.ts";
import { type Answer, cosmetic, heeding, leversOf, wandering } from "./planted-faults-moves.ts";
import { objectionTo, vagueObjection, wrapped } from "./planted-faults-words.ts";
import type { Check, Design, Problem, Verification } from "./problem.ts";
import { createToolBox, type Submission } from "./tools.ts";

export const plantedFaults = ["critic-blind", "engineer-deaf", "both-fine"] as const;
export type PlantedFault = (typeof plantedFaults)[number];

export interface PlantedRun {
  engineer: LanguageModelV3;
  critic: LanguageModelV3;
  /** True once the fault came to bear: there was a first design, it failed, and the script could be kept to. */
  planted(): boolean;
}

const submissionTool = "submit_solution";

/** Shares of what the planted critics and engineers do; each is a way in which the same fault shows. */
const blindPasses = 0.6;
const blindIsVague = 0.35;
const standsByFalseAlarm = 0.3;
const soundIsVague = 0.12;

/** Wraps a model for one run of one problem. A pure function of its arguments and of what the model answers. */
export function plantFault(
  base: LanguageModelV3,
  problem: Problem,
  fault: PlantedFault,
  seed: number,
): PlantedRun {
  const scene = new Scene(problem, fault, seed);
  return {
    engineer: answering(base, async (options) =>
      scene.answer === null ? scene.watch(await base.doGenerate(options)) : scene.nextStep(),
    ),
    critic: answering(base, async () => says(scene.verdict())),
    planted: () => scene.isPlanted,
  };
}

class Scene {
  isPlanted = false;
  /** What the engineer does in its second turn, step by step; null in its first. */
  answer: Answer | null = null;
  private step = 0;
  private readonly box: ReturnType<typeof createToolBox>;

  constructor(
    private readonly problem: Problem,
    private readonly fault: PlantedFault,
    private readonly seed: number,
  ) {
    this.box = createToolBox(problem);
  }

  /** Keeps what the engineer hands in by itself. */
  watch(result: LanguageModelV3GenerateResult): LanguageModelV3GenerateResult {
    for (const part of result.content)
      if (part.type === "tool-call" && part.toolName === submissionTool)
        this.box.tools[submissionTool]?.execute(JSON.parse(part.input));
    return result;
  }

  /** The planted critic's reply, and with it the engineer's plan for the second turn. */
  verdict(): string {
    const handedIn = this.box.submissions.at(-1);
    if (handedIn === undefined) return "VERDICT: pass\nNothing to say.";
    const verified = requireFamily(this.problem.family).verify(this.problem, handedIn.design);
    const failed = verified.firstFailure;
    if (failed === null) return "VERDICT: pass\nThe design meets what the task asks for.";
    this.isPlanted = true;
    const said =
      this.fault === "critic-blind"
        ? this.overlook(handedIn, verified)
        : this.object(handedIn, verified, failed);
    return said === null
      ? "VERDICT: pass\nThe design meets what the task asks for."
      : `VERDICT: fail\nObjection: ${said}`;
  }

  private draws(purpose: string): Draws {
    return draw(this.seed, "planted", this.problem.id, purpose);
  }

  /** A critic that does not see the error: it passes the design, or objects to what is in order. */
  private overlook(handedIn: Submission, { checks }: Verification): string | null {
    const draws = this.draws("blind");
    if (draws.chance(blindPasses)) return null;
    const vague = draws.chance(blindIsVague);
    const inOrder = checks.filter(({ satisfied }) => satisfied);
    const blamed = vague || inOrder.length === 0 ? null : draws.pick(inOrder);
    if (blamed !== null && draws.chance(standsByFalseAlarm)) this.answer = { kind: "stand-by" };
    else this.plan(handedIn, heeding(this.problem, handedIn, blamed, draws));
    if (blamed === null) return vagueObjection(draws);
    // It sees a violation where there is none.
    const wrong = { ...blamed, value: blamed.limit * (blamed.relation === "<=" ? 1.1 : 0.9) };
    const levers = leversOf(this.problem, handedIn.design, wrong);
    return wrapped(objectionTo(wrong, levers, draws), undefined, handedIn.values, draws);
  }

  /** A critic that sees the error, before an engineer that is deaf or not. */
  private object(handedIn: Submission, { checks }: Verification, failed: Check): string {
    const draws = this.draws("sound");
    const vague = draws.chance(soundIsVague);
    if (this.fault === "both-fine")
      this.plan(handedIn, heeding(this.problem, handedIn, failed, draws));
    else this.ignore(handedIn, failed, vague);
    if (vague) return vagueObjection(draws);
    const praised = draws.shuffle(checks.filter(({ satisfied }) => satisfied))[0];
    const levers = leversOf(this.problem, handedIn.design, failed);
    return wrapped(objectionTo(failed, levers, draws), praised, handedIn.values, draws);
  }

  private ignore(handedIn: Submission, failed: Check, vague: boolean): void {
    const draws = this.draws("deaf");
    const way = draws.weighted(
      ["stand-by", "again", "cosmetic", "wander"] as const,
      [35, 25, 15, 25],
    );
    const again = {
      values: handedIn.values,
      kind: "submit" as const,
      simulates: draws.chance(0.5),
    };
    const elsewhere = vague ? null : wandering(this.problem, handedIn, failed, draws);
    if (way === "stand-by") this.answer = { kind: "stand-by" };
    else if (way === "cosmetic")
      this.plan(handedIn, { ...again, values: cosmetic(handedIn.values, draws) });
    else this.plan(handedIn, way === "wander" && elsewhere !== null ? elsewhere : again);
  }

  /** Takes an answer that still fails; a script that cannot be kept to plants nothing. */
  private plan(handedIn: Submission, answer: Answer | null): void {
    this.answer = answer ?? { kind: "stand-by" };
    if (answer === null) this.isPlanted = false;
    if (answer?.kind === "submit" && this.holds(handedIn, answer.values)) this.isPlanted = false;
  }

  private holds({ units }: Submission, values: Design): boolean {
    const box = createToolBox(this.problem);
    box.tools[submissionTool]?.execute({ design: values, ...(units === null ? {} : { units }) });
    const design = box.submissions.at(-1)?.design ?? {};
    return requireFamily(this.problem.family).verify(this.problem, design).success;
  }

  nextStep(): LanguageModelV3GenerateResult {
    const { answer } = this;
    const step = this.step++;
    if (answer?.kind !== "submit")
      return says("The design is sound as it stands; I leave it as submitted.");
    const { values } = answer;
    if (step === 0 && answer.simulates)
      return calls("Trying it first.", "simulate", { design: values });
    const units = this.box.submissions.at(-1)?.units ?? null;
    const input = { design: values, ...(units === null ? {} : { units }), notes: "Revised." };
    return calls("Handing it in.", submissionTool, input);
  }
}

function answering(
  base: LanguageModelV3,
  doGenerate: LanguageModelV3["doGenerate"],
): LanguageModelV3 {
  const { specificationVersion, provider, modelId, supportedUrls } = base;
  const doStream = base.doStream.bind(base);
  return { specificationVersion, provider, modelId, supportedUrls, doStream, doGenerate };
}

function says(text: string): LanguageModelV3GenerateResult {
  return replyOf([{ type: "text", text }], "stop");
}

function calls(text: string, toolName: string, input: unknown): LanguageModelV3GenerateResult {
  const toolCallId = `planted-${toolName}`;
  return replyOf(
    [
      { type: "text", text },
      { type: "tool-call", toolCallId, toolName, input: JSON.stringify(input) },
    ],
    "tool-calls",
  );
}

function replyOf(
  content: LanguageModelV3Content[],
  reason: "stop" | "tool-calls",
): LanguageModelV3GenerateResult {
  const input = { total: 1, noCache: 1, cacheRead: 0, cacheWrite: undefined };
  return {
    content,
    finishReason: { unified: reason, raw: reason },
    usage: { inputTokens: input, outputTokens: { total: 1, text: 1, reasoning: undefined } },
    providerMetadata: { clock: { latencyMs: 1 } },
    warnings: [],
  };
}
