import type { ArmFigures, PairedRow } from "#lib/http/shapes/experiment.ts";
import { changeOf, duration, usd } from "../ui/format.ts";
import classes from "./review.module.css";

/** Both arms side by side on each benchmark; targets by gain, controls below them. */
export function PairedMatrix({ rows }: { rows: readonly PairedRow[] }) {
  const targets = rows.filter(({ role }) => role === "target").sort(byGain);
  const controls = rows.filter(({ role }) => role === "control").sort(byGain);
  return (
    <table className={classes.matrix}>
      <thead>
        <tr>
          <th scope="col">Benchmark</th>
          <th scope="col">Today</th>
          <th scope="col">Candidate</th>
          <th scope="col" className={classes.number}>
            Gain
          </th>
          <th scope="col" className={classes.number}>
            Cost of a run
          </th>
          <th scope="col" className={classes.number}>
            Latency
          </th>
        </tr>
      </thead>
      <tbody>
        <Group title={`${targets.length} targets: benchmarks that today's prompt fails`} />
        {targets.map((row) => (
          <Row key={row.benchmarkId} row={row} />
        ))}
        {controls.length === 0 ? null : (
          <Group title={`${controls.length} controls: benchmarks that must stay solved`} />
        )}
        {controls.map((row) => (
          <Row key={row.benchmarkId} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Group({ title }: { title: string }) {
  return (
    <tr className={classes.group}>
      <td colSpan={6}>{title}</td>
    </tr>
  );
}

function Row({ row: { externalId, baseline, candidate } }: { row: PairedRow }) {
  const gain = candidate.passes - baseline.passes;
  const change = changeOf("successRate", gain);
  return (
    <tr>
      <td>{externalId}</td>
      <td>
        <Outcomes arm={baseline} />
      </td>
      <td>
        <Outcomes arm={candidate} />
      </td>
      <td className={`${classes.number} ${change === "same" ? classes.dim : classes[change]}`}>
        {gain > 0 ? `+${gain}` : gain < 0 ? `−${-gain}` : "0"}
      </td>
      <td className={classes.number}>
        {usd(baseline.meanCostUsd)} → {usd(candidate.meanCostUsd)}
      </td>
      <td className={classes.number}>
        {duration(baseline.meanLatencyMs)} → {duration(candidate.meanLatencyMs)}
      </td>
    </tr>
  );
}

function Outcomes({ arm: { outcomes, passes, trials } }: { arm: ArmFigures }) {
  return (
    <>
      <span className={classes.cells} aria-hidden="true">
        {outcomes.map((pass, repeat) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: an outcome is its repeat.
            key={repeat}
            className={classes.cell}
            data-pass={pass || undefined}
            title={`repeat ${repeat + 1}: ${pass ? "passed" : "failed"}`}
          />
        ))}
      </span>
      {passes} of {trials}
    </>
  );
}

function byGain(a: PairedRow, b: PairedRow): number {
  return gainOf(b) - gainOf(a) || a.externalId.localeCompare(b.externalId);
}

function gainOf({ baseline, candidate }: PairedRow): number {
  return candidate.passes - baseline.passes;
}
