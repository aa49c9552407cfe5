import { Button } from "@mantine/core";
import { useState } from "react";
import type { PairedRow } from "#lib/http/shapes/experiment.ts";
import { changeOf, count } from "../ui/format.ts";
import { CostCells, CostHeads, gainOf, Outcomes } from "./matrix-cells.tsx";
import classes from "./review.module.css";

/** Sealed rows: those that differ between the arms first, the others on demand. */
export function SealedMatrix({ rows }: { rows: readonly PairedRow[] }) {
  const [all, setAll] = useState(false);
  const differing = rows.filter((row) => gainOf(row) !== 0).sort(byGain);
  const same = rows.filter((row) => gainOf(row) === 0).sort(byOutcome);
  const won = differing.filter((row) => gainOf(row) > 0).length;
  const shown = all ? [...differing, ...same] : differing;
  return (
    <section className={classes.set} data-set="sealed" aria-label="Sealed rows">
      <header className={classes.setHead}>
        <h3>Sealed rows: the estimate rests on these</h3>
        <p>
          {count(rows.length)} rows drawn at random, hidden from search, proposer and examples.{" "}
          {won} won, {differing.length - won} lost, {same.length} the same.
        </p>
      </header>
      <div className={classes.scroll}>
        <table className={classes.matrix}>
          <thead>
            <tr>
              <th scope="col">Benchmark</th>
              <th scope="col">Today</th>
              <th scope="col">Candidate</th>
              <th scope="col">Outcome</th>
              <CostHeads />
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.benchmarkId} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      {same.length === 0 ? null : (
        <div className={classes.setFoot}>
          <Button variant="subtle" size="compact-xs" onClick={() => setAll((before) => !before)}>
            {all ? "Show only rows that differ" : `Show ${same.length} rows without a difference`}
          </Button>
        </div>
      )}
    </section>
  );
}

function Row({ row }: { row: PairedRow }) {
  const gain = gainOf(row);
  const change = changeOf("successRate", gain);
  const words = { better: "won", worse: "lost", same: "the same" } as const;
  return (
    <tr>
      <td>{row.externalId}</td>
      <td>
        <Outcomes arm={row.baseline} />
      </td>
      <td>
        <Outcomes arm={row.candidate} />
      </td>
      <td className={change === "same" ? classes.dim : classes[change]}>{words[change]}</td>
      <CostCells row={row} />
    </tr>
  );
}

function byGain(a: PairedRow, b: PairedRow): number {
  return gainOf(b) - gainOf(a) || a.externalId.localeCompare(b.externalId);
}

function byOutcome(a: PairedRow, b: PairedRow): number {
  return b.baseline.passes - a.baseline.passes || a.externalId.localeCompare(b.externalId);
}
