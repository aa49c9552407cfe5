import type { PairedRow, VerdictShape } from "#lib/http/shapes/experiment.ts";
import { points } from "../ui/format.ts";
import { CostCells, CostHeads, gainOf, Outcomes } from "./matrix-cells.tsx";
import classes from "./review.module.css";

type Control = VerdictShape["controls"][number];

const stateWords: Readonly<Record<Control["state"], { text: string; change: string | null }>> = {
  clear: { text: "holds", change: "better" },
  regressed: { text: "lost", change: "worse" },
  undecided: { text: "not decided", change: null },
};

/** The regression run: targets, where the search learnt, and controls with their states. */
export function RegressionMatrix({
  rows,
  verdict,
}: {
  rows: readonly PairedRow[];
  verdict: VerdictShape | null;
}) {
  const targets = rows.filter(({ role }) => role === "target").sort(byGain);
  const controls = rows.filter(({ role }) => role === "control").sort(byName);
  const factsOf = new Map(
    (verdict?.controls ?? []).map((control) => [control.externalId, control]),
  );
  return (
    <section className={classes.set} data-set="regression" aria-label="Regression run">
      <header className={classes.setHead}>
        <h3>Regression run: protects, and proves nothing</h3>
        <p>
          Targets fail today and controls pass today. The search learnt here, so no estimate rests
          on these rows.
        </p>
      </header>
      <div className={classes.scroll}>
        <table className={classes.matrix}>
          <thead>
            <tr>
              <th scope="col">Benchmark</th>
              <th scope="col">Today</th>
              <th scope="col">Candidate</th>
              <th scope="col">State</th>
              <CostHeads />
            </tr>
          </thead>
          <tbody>
            {targets.length === 0 ? null : <Group title={`${targets.length} targets`} />}
            {targets.map((row) => (
              <TargetRow key={row.benchmarkId} row={row} />
            ))}
            {controls.length === 0 ? null : <Group title={controlsTitle(controls, factsOf)} />}
            {controls.map((row) => (
              <ControlRow
                key={row.benchmarkId}
                row={row}
                facts={factsOf.get(row.externalId) ?? null}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className={classes.setNote}>{noteOf(controls.length, verdict)}</p>
    </section>
  );
}

function controlsTitle(
  controls: readonly PairedRow[],
  factsOf: ReadonlyMap<string, Control>,
): string {
  const required = controls.filter(({ externalId }) => factsOf.get(externalId)?.required).length;
  const kinds =
    required === 0
      ? "sampled: a loss is shown and does not reject"
      : `${required} required: a confirmed loss rejects`;
  return `${controls.length} controls, ${kinds}`;
}

function noteOf(controls: number, verdict: VerdictShape | null): string {
  if (controls === 0) return "No benchmark passed often enough to serve as a control.";
  const drop = verdict?.visibleControlDrop ?? null;
  return drop === null
    ? "The runs of these controls are too few to show any drop."
    : `These runs would have shown a drop of ${points(drop).replace("+", "")} in one control four times in five. A control is judged against today's own rate.`;
}

function TargetRow({ row }: { row: PairedRow }) {
  const gain = gainOf(row);
  const text = gain > 0 ? "gained" : gain < 0 ? "lost" : "the same";
  return (
    <tr>
      <td>{row.externalId}</td>
      <td>
        <Outcomes arm={row.baseline} />
      </td>
      <td>
        <Outcomes arm={row.candidate} />
      </td>
      <td className={classes.dim}>{text}</td>
      <CostCells row={row} />
    </tr>
  );
}

function ControlRow({ row, facts }: { row: PairedRow; facts: Control | null }) {
  const state = facts === null ? null : stateWords[facts.state];
  return (
    <tr>
      <td>
        {row.externalId}{" "}
        {facts === null ? null : (
          <span className={classes.tag} data-required={facts.required || undefined}>
            {facts.required ? "required" : "sampled"}
          </span>
        )}
      </td>
      <td>
        <Outcomes arm={row.baseline} />
      </td>
      <td>
        <Outcomes arm={row.candidate} />
      </td>
      <td className={state?.change == null ? classes.dim : classes[state.change]}>
        {state?.text ?? "–"}
      </td>
      <CostCells row={row} />
    </tr>
  );
}

function Group({ title }: { title: string }) {
  return (
    <tr className={classes.group}>
      <td colSpan={6}>{title}</td>
    </tr>
  );
}

function byGain(a: PairedRow, b: PairedRow): number {
  return gainOf(b) - gainOf(a) || byName(a, b);
}

function byName(a: PairedRow, b: PairedRow): number {
  return a.externalId.localeCompare(b.externalId);
}
