import type { CoachShape } from "#lib/http/shapes/optimization.ts";
import { count, percentEstimate } from "../ui/format.ts";
import classes from "./coach-panel.module.css";

type Fault = keyof CoachShape["tallies"];

const words: Readonly<Record<Fault, string>> = {
  "critic-missed-error": "Critic missed the error",
  "engineer-ignored-critic": "Engineer did not act on the objection",
  neither: "Critic saw it, engineer acted",
  unclear: "The evidence does not tell",
};
const faults = [
  "critic-missed-error",
  "engineer-ignored-critic",
  "neither",
  "unclear",
] as const satisfies readonly Fault[];

/** Whose prompt the coach would tune: its tallies with intervals, and judged runs that show them. */
export function CoachPanel({ coach }: { coach: CoachShape }) {
  const { tune, section, reason, tallies, examples } = coach;
  return (
    <div className={classes.panel}>
      <p className={classes.verdict}>
        <strong>
          The coach would tune the {tune}
          {section === null ? "" : `, its ${section} section`}.
        </strong>{" "}
        {reason}
      </p>
      <dl className={classes.tallies}>
        {faults.map((fault) => (
          <div key={fault} className={classes.tally}>
            <dt>{words[fault]}</dt>
            <dd>
              {count(tallies[fault])}
              {fault === "neither" || fault === "unclear" ? null : (
                <span className={classes.interval}>{percentEstimate(coach.shares[fault])}</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {examples.length === 0 ? null : (
        <ul className={classes.examples} aria-label="Runs the coach judged">
          {examples.map((example) => (
            <Example key={example.runId} example={example} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Example({ example }: { example: CoachShape["examples"][number] }) {
  const { runId, fault, statement, evidence } = example;
  return (
    <li>
      <div>
        <a href={traceOf(runId)}>{words[fault]}</a>: {statement}
      </div>
      {evidence.map(({ stepIndex, quote }) => (
        <blockquote key={stepIndex} className={classes.quote}>
          Step {stepIndex + 1}: “{quote}”
        </blockquote>
      ))}
    </li>
  );
}

/** Where the run's trace is answered: trials go by the hash they are stored under, all others are the journal's. */
function traceOf(runId: string): string {
  const kind = /^[0-9a-f]{64}$/.test(runId) ? "trials" : "runs";
  return `/api/v1/${kind}/${encodeURIComponent(runId)}`;
}
