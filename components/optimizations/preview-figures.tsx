import { Alert } from "@mantine/core";
import type { OptimizationPreview } from "#lib/http/shapes/preview.ts";
import { count, roughRange, usd } from "../ui/format.ts";
import table from "../ui/table.module.css";
import { PreviewOutlook } from "./preview-outlook.tsx";
import { PreviewPlan } from "./preview-plan.tsx";
import classes from "./start-dialogue.module.css";

type Range = { low: number; high: number } | null;
type Source = OptimizationPreview["sources"]["task"];

const sourceWords: Readonly<Record<Source["from"], string>> = {
  trials: "earlier trials",
  runs: "runs in the journal",
  optimizations: "earlier optimizations",
  prices: "list prices, nothing measured",
  nothing: "nothing measured so far",
};

const capWords = {
  no: "not reached",
  perhaps: "may end it early",
  surely: "ends it early",
} as const;

/** What can be proven, the calls of each stage, and what it takes in dollars and time, with where each comes from. */
export function PreviewFigures({ preview }: { preview: OptimizationPreview }) {
  const { sources, caps, keptForConfirmationUsd: kept } = preview;
  return (
    <>
      <p className={classes.lede}>
        {ledeOf(preview)} Calls of proposer and judges are bounded by the caps alone.
      </p>
      <PreviewOutlook proof={preview.proof} />
      <PreviewPlan plan={preview.plan} />
      <div className={table.scroll}>
        <table className={`${table.table} ${classes.figures}`}>
          <thead>
            <tr>
              <th scope="col">It would take</th>
              <th scope="col" className={table.number}>
                Least to most
              </th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            <Row name="Cost" strong range={rangeOf(preview.totalUsd, usd)} />
            <Row
              name="Trials of prompts"
              indented
              range={rangeOf(preview.taskUsd, usd)}
              source={sources.task}
            />
            <Row
              name="Writing prompts"
              indented
              range={rangeOf(preview.proposerUsd, usd)}
              source={sources.proposer}
            />
            <Row
              name="Time"
              strong
              range={preview.durationMs === null ? "not known" : roughRange(preview.durationMs)}
              source={sources.time}
            />
            <Row name="Trials" strong range={rangeOf(preview.trials, count)} />
            <Row
              name="Model calls in them"
              indented
              range={rangeOf(preview.taskCalls, count)}
              source={sources.task}
            />
            <Row
              name="Calls that write prompts, beside the trials"
              indented
              range={rangeOf(preview.proposerCalls, count)}
              source={sources.proposer}
            />
            {preview.judgeCalls.high === 0 ? null : (
              <Row
                name="Calls that judge answers"
                indented
                range={rangeOf(preview.judgeCalls, count)}
              />
            )}
          </tbody>
        </table>
      </div>
      <dl className={classes.caps}>
        <div>
          <dt>Kept for the proof</dt>
          <dd>{kept === null ? "not known" : `up to ${usd(kept)}`}</dd>
        </div>
        <div>
          <dt>Cap of the run, {usd(caps.run.capUsd)}</dt>
          <dd data-ends={caps.run.ends}>{capWords[caps.run.ends]}</dd>
        </div>
        <div>
          <dt>Left of the day&rsquo;s cap, {usd(caps.day.remainingUsd)}</dt>
          <dd data-ends={caps.day.ends}>{capWords[caps.day.ends]}</dd>
        </div>
      </dl>
      {preview.cautions.length === 0 ? null : (
        <Alert color="yellow" variant="light" classNames={{ root: classes.cautions ?? "" }}>
          {preview.cautions.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </Alert>
      )}
    </>
  );
}

function ledeOf({ proves, incumbent, model, proposerModel }: OptimizationPreview): string {
  if (proves.length > 0) {
    const versions = proves.map(({ version }) => version).join(", ");
    return `Measures ${versions} against ${incumbent.version} with ${model}. Nothing is searched.`;
  }
  const writer = proposerModel === model ? "" : `, new prompts by ${proposerModel}`;
  return `Improves ${incumbent.version} with ${model}${writer}.`;
}

function Row({
  name,
  range,
  source,
  strong = false,
  indented = false,
}: {
  name: string;
  range: string;
  source?: Source;
  strong?: boolean;
  indented?: boolean;
}) {
  return (
    <tr data-strong={strong || undefined} data-indented={indented || undefined}>
      <th scope="row">{name}</th>
      <td className={table.number}>{range}</td>
      <td className={table.dim}>
        {source === undefined
          ? ""
          : source.n === 0
            ? sourceWords[source.from]
            : `${sourceWords[source.from]}, n\u00a0=\u00a0${count(source.n)}`}
      </td>
    </tr>
  );
}

function rangeOf(range: Range, show: (value: number) => string): string {
  if (range === null) return "not known";
  const [low, high] = [show(range.low), show(range.high)];
  return low === high ? low : `${low} – ${high}`;
}
