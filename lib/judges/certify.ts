/** Compares the judges of a suite with people: labelled answers and anchors are judged, and the verdicts counted. */
import type { Clock } from "../clock.ts";
import { loadSuite } from "../db/benchmarks.ts";
import type { Database } from "../db/client.ts";
import { loadJudgeLabels } from "../db/judge-labels.ts";
import type { Anchor, CertificationResult, JudgeFigures } from "../domain/judge.ts";
import { isGraderError } from "../engine/grader-watch.ts";
import { AppError } from "../errors.ts";
import { CostMeter } from "../harness/cost-meter.ts";
import { gradeAnswer } from "../harness/graders.ts";
import type { ResolvedModel } from "../llm/models.ts";
import { draw } from "../random.ts";
import { cohenKappa } from "../stats/kappa.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import { type PlannedAnchor, planAnchors } from "./anchors.ts";
import { type Consensus, consensusOn, type LabelledAnswer } from "./consensus.ts";
import { type JudgedBenchmark, judgesOf, type SuiteJudge } from "./judging.ts";
import { createKeptJudge, JudgingUnaffordable, type KeptJudge } from "./kept-judge.ts";

export interface CertifyOptions {
  suite: string;
  /** The most in USD that its calls may cost together. */
  limitUsd: number;
  modelOf: (id: string) => ResolvedModel;
  clock: Clock;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/** Calls at once. */
const lanes = 4;
/** So many answers without a verdict, more than half of all, and the judge is not asked on. */
const ungradedMin = 10;

/**
 * The figures of every judge of a suite as it stands. Verdicts are kept, so going on after an end costs nothing twice.
 * Throws AppError("invalid") where no model judges, AppError("conflict") when the limit or the day's budget is used up,
 * AppError("unavailable") when a judge cannot be asked or mostly gives no verdict.
 */
export async function certify(db: Database, options: CertifyOptions): Promise<CertificationResult> {
  const { suite, limitUsd, clock } = options;
  const judges = judgesOf(await loadSuite(db, suite));
  if (judges.length === 0)
    throw new AppError(
      "invalid",
      `No model judges the suite "${suite}": there is nothing to certify.`,
    );
  const labels = await loadJudgeLabels(db, suite);
  const plans = judges.map((judge) => {
    const consensus = consensusOn(judge, labels);
    return { judge, consensus, anchors: planAnchors(judge, consensus.answers) };
  });
  const total = plans.reduce(
    (sum, { consensus, anchors }) => sum + consensus.answers.length + anchors.length,
    0,
  );
  let done = 0;
  const kept = createKeptJudge(db, { limitUsd, clock });
  const said = new Verdicts(options, kept, () => options.onProgress?.(++done, total));
  const figures: JudgeFigures[] = [];
  for (const plan of plans) figures.push(await figuresOf(plan, said));
  return { judges: figures, ...kept.spent() };
}

interface Verdict {
  passed: boolean;
  isError: boolean;
  reason: string;
}

/** Asks for verdicts, a few at once, and ends at the first thing that would make all others useless. */
class Verdicts {
  private asked = 0;
  private ungraded = 0;

  constructor(
    private readonly options: CertifyOptions,
    private readonly kept: KeptJudge,
    private readonly onDone: () => void,
  ) {}

  /** The verdicts in the order of what is asked. */
  async on(items: readonly { judged: JudgedBenchmark; answer: string }[]): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    let next = 0;
    let isOver = false;
    const lane = async () => {
      for (let at = next++; at < items.length && !isOver; at = next++) {
        const item = items[at];
        if (item === undefined) return;
        try {
          verdicts[at] = await this.one(item);
        } catch (error) {
          isOver = true;
          throw error;
        }
      }
    };
    // All of them are awaited: calls under way settle their money.
    const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
    const broken = ended.find((end) => end.status === "rejected");
    if (broken !== undefined) throw outwardError(broken.reason);
    return verdicts;
  }

  private async one({ judged, answer }: { judged: JudgedBenchmark; answer: string }) {
    const { modelOf, signal } = this.options;
    signal?.throwIfAborted();
    const { input, expected, labels } = judged.benchmark;
    const { failure, grades } = await gradeAnswer(
      answer,
      { input, expected, labels, grader: judged.judging },
      {
        judge: { modelOf, meter: new CostMeter(null), ask: this.kept.ask },
        ...(signal && { signal }),
      },
    );
    signal?.throwIfAborted();
    if (failure !== null && /^grader-error\/judge (unavailable|timeout)$/.test(failure.signature))
      throw new AppError("unavailable", failure.message);
    const isError = isGraderError(failure);
    this.asked += 1;
    if (isError) this.ungraded += 1;
    if (isError && this.ungraded >= ungradedMin && 2 * this.ungraded > this.asked)
      throw new AppError(
        "unavailable",
        `The judge gave no verdict on ${this.ungraded} of ${this.asked} answers: ${failure?.message}`,
      );
    this.onDone();
    const reason = failure?.message ?? grades.find(({ reason }) => reason !== null)?.reason ?? "";
    return { passed: failure === null, isError, reason };
  }
}

function outwardError(error: unknown): unknown {
  if (!(error instanceof JudgingUnaffordable)) return error;
  return new AppError(
    "conflict",
    `${error.message} What was judged is kept: certify again with more to spend, and it goes on there.`,
    { cause: error },
  );
}

interface Plan {
  judge: SuiteJudge;
  consensus: Consensus;
  anchors: PlannedAnchor[];
}

async function figuresOf(
  { judge, consensus, anchors }: Plan,
  said: Verdicts,
): Promise<JudgeFigures> {
  // First the few whose worth is known: a judge that cannot be asked is known after one of them.
  const onAnchors = await said.on(anchors);
  const byQuestion = new Map(judge.benchmarks.map((one) => [one.questionHash, one]));
  const items = consensus.answers.flatMap((label) => {
    const judged = byQuestion.get(label.questionHash);
    return judged === undefined ? [] : [{ judged, answer: label.answer, label }];
  });
  const verdicts = await said.on(items);
  const rated = items.map(({ label }, at) => ({ label, passed: verdicts[at]?.passed ?? false }));
  const rubrics = new Set(judge.benchmarks.flatMap(({ question }) => question.rubrics));
  return {
    judgeKey: judge.key,
    models: judge.models,
    promptVersions: judge.promptVersions,
    rubrics: rubrics.size,
    benchmarks: judge.benchmarks.length,
    identities: judge.identities,
    labels: {
      answers: consensus.answers.length,
      questions: new Set(consensus.answers.map(({ questionHash }) => questionHash)).size,
      people: consensus.people,
      disputed: consensus.disputed,
      digest: consensus.digest,
    },
    ...agreementOf(rated, draw("kappa", judge.key, consensus.digest)),
    ungraded: verdicts.filter(({ isError }) => isError).length,
    anchors: anchors.map((anchor, at) => anchorOf(anchor, onAnchors[at])),
  };
}

function agreementOf(
  rated: readonly { label: LabelledAnswer; passed: boolean }[],
  draws: ReturnType<typeof draw>,
): Pick<JudgeFigures, "table" | "kappa" | "sensitivity" | "specificity" | "passRate"> {
  const count = (byJudge: boolean, byPeople: boolean) =>
    rated.filter(({ label, passed }) => passed === byJudge && label.pass === byPeople).length;
  const table = {
    both: count(true, true),
    judgeOnly: count(true, false),
    peopleOnly: count(false, true),
    neither: count(false, false),
  };
  const { both, judgeOnly, peopleOnly, neither } = table;
  const kappa = cohenKappa(
    rated.map(({ label, passed }) => ({
      cluster: label.questionHash,
      first: passed,
      second: label.pass,
    })),
    draws,
  );
  return {
    table,
    kappa:
      kappa === null
        ? null
        : {
            value: kappa.value,
            low: kappa.low,
            high: kappa.high,
            n: kappa.n,
            effectiveN: kappa.effectiveN,
          },
    sensitivity: rateOf(both, both + peopleOnly),
    specificity: rateOf(neither, neither + judgeOnly),
    passRate: rateOf(both + judgeOnly, rated.length),
  };
}

function rateOf(successes: number, n: number): JudgeFigures["passRate"] {
  return { value: n === 0 ? 0 : successes / n, n, ...wilsonInterval(successes, n) };
}

function anchorOf({ kind, judged }: PlannedAnchor, verdict: Verdict | undefined): Anchor {
  const { passed = false, isError = true, reason = "" } = verdict ?? {};
  return {
    kind,
    benchmark: judged.benchmark.externalId,
    passed,
    right: !isError && passed === (kind === "good"),
    reason: reason.slice(0, 500),
  };
}
