import type { OptimizationSummary } from "#lib/http/shapes/optimization.ts";
import { TimeAgo } from "../ui/figures.tsx";
import { count, roughRange, usd } from "../ui/format.ts";
import classes from "./progress.module.css";
import { proofWords, stepWords } from "./step-words.ts";

/** How far a running optimization is: step, generations, trials, money and the range of the time left. */
export function RunProgress({ run }: { run: OptimizationSummary }) {
  const used = run.spentUsd + run.reservedUsd;
  return (
    <div className={classes.progress}>
      <div className={classes.step} aria-live="polite">
        {stepWords(run)}
      </div>
      {run.waiting === null ? null : (
        <p className={classes.waiting} role="status">
          Waits for Temporal since <TimeAgo at={run.waiting.since} />: {run.waiting.reason}. It goes
          on by itself.
        </p>
      )}
      <div className={classes.bar}>
        <div className={classes.barLabel}>
          <span>{proofWords(run) ?? generationWords(run)}</span>
          <span className={classes.dim}>{timeLeft(run)}</span>
        </div>
        {run.proves.length > 0 ? null : <Generations run={run} />}
      </div>
      <Bar
        label={`${count(run.trialsDone)} trials`}
        note={`${count(run.trialsPlanned)} planned so far, ${count(run.trialsMax)} at most`}
        share={run.trialsDone / Math.max(1, run.trialsMax)}
      />
      <Bar
        kind="money"
        label={`${usd(run.spentUsd)} spent`}
        note={
          run.reservedUsd === 0
            ? `cap ${usd(run.capUsd)}`
            : `${usd(run.reservedUsd)} more set aside, cap ${usd(run.capUsd)}`
        }
        share={used / run.capUsd}
      />
    </div>
  );
}

function Generations({ run }: { run: OptimizationSummary }) {
  return (
    <div className={classes.generations} aria-hidden="true">
      {Array.from({ length: (run.generations ?? run.generation) + 1 }, (_, number) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a generation is its number.
          key={number}
          className={classes.generation}
          data-state={stateOf(number, run)}
        />
      ))}
    </div>
  );
}

function generationWords({ generation, generations }: OptimizationSummary): string {
  return generations === null
    ? `Generation ${generation}`
    : `Generation ${generation} of ${generations}`;
}

function timeLeft({ waiting, remainingMs }: OptimizationSummary): string {
  if (waiting !== null) return "time left unknown while it waits";
  return remainingMs === null ? "time left unknown so far" : `${roughRange(remainingMs)} left`;
}

function stateOf(number: number, run: OptimizationSummary): "done" | "now" | "ahead" {
  const confirming = run.step === "confirm" || run.step === "promote";
  if (number < run.generation || confirming) return number <= run.generation ? "done" : "ahead";
  return number === run.generation && run.state === "running" ? "now" : "ahead";
}

interface BarProps {
  label: string;
  note: string;
  /** 0..1 */
  share: number;
  kind?: "money";
}

function Bar({ label, note, share, kind }: BarProps) {
  return (
    <div className={classes.bar}>
      <div className={classes.barLabel}>
        <span>{label}</span>
        <span className={classes.dim}>{note}</span>
      </div>
      <div className={classes.track}>
        <div
          className={classes.fill}
          data-kind={kind}
          style={{ width: `${Math.min(100, share * 100)}%` }}
        />
      </div>
    </div>
  );
}
