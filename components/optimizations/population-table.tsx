import Link from "next/link";
import type { IndividualShape } from "#lib/http/shapes/optimization.ts";
import { operatorWords } from "../prompts/operator-words.ts";
import { duration, usd } from "../ui/format.ts";
import { Success } from "../ui/success.tsx";
import table from "../ui/table.module.css";

export interface PopulationTableProps {
  individuals: readonly IndividualShape[];
  /** Why prompts left the race, by prompt: few runs, mostly where their parents had failed, make no rate. */
  setAside: ReadonlyMap<string, string>;
}

/** A population by rank, the front first. */
export function PopulationTable({ individuals, setAside }: PopulationTableProps) {
  const ordered = [...individuals].sort(
    (a, b) => a.rank - b.rank || b.objectives.successRate - a.objectives.successRate,
  );
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Prompt</th>
            <th scope="col">Made by</th>
            <th scope="col">Success</th>
            <th scope="col" className={table.number}>
              Passed in the search
            </th>
            <th scope="col" className={table.number}>
              Cost
            </th>
            <th scope="col" className={table.number}>
              Latency
            </th>
            <th scope="col" className={table.number}>
              Rank
            </th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {ordered.map((one) => (
            <tr key={one.promptId}>
              <td className={table.nowrap}>
                <Link href={`/prompts/${one.promptId}`} title={one.message}>
                  {one.version}
                </Link>
                {one.isIncumbent ? " today" : ""}
              </td>
              <td className={table.nowrap}>
                {one.operator === null ? "–" : operatorWords[one.operator]}
              </td>
              <td className={table.nowrap}>
                {setAside.has(one.promptId) ? "–" : <Success figure={one.figure} />}
              </td>
              <td className={table.number}>
                {one.passed} of {one.success.n}
              </td>
              <td className={table.number}>{usd(one.objectives.costUsd)}</td>
              <td className={table.number}>{duration(one.objectives.latencyMs)}</td>
              <td className={table.number}>{one.rank}</td>
              <td className={table.nowrap} title={setAside.get(one.promptId)}>
                {setAside.has(one.promptId) ? "set aside" : outcomeOf(one)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function outcomeOf({ constraintViolation, survived, status }: IndividualShape): string {
  if (status === "candidate") return "candidate";
  if (constraintViolation > 0) return survived ? "breaks a control, kept" : "breaks a control";
  return survived ? "kept" : "dropped";
}
