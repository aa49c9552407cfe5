import type { SpendingShape } from "#lib/http/shapes/optimization.ts";
import { count, usd } from "../ui/format.ts";
import table from "../ui/table.module.css";

const roleWords: Readonly<Record<string, string>> = {
  task: "Trials of prompts",
  proposer: "Writing prompts",
  sanity: "Checking prompts",
  judge: "Judging answers",
};

/** Where the money of a run went, by role, and what is kept for the proof. */
export function SpendingTable({ spending }: { spending: SpendingShape }) {
  const { roles, totalUsd, confirmationUsd, keptForConfirmationUsd, foundTrials } = spending;
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Role</th>
            <th scope="col" className={table.number}>
              Calls
            </th>
            <th scope="col" className={table.number}>
              Spent
            </th>
            <th scope="col" className={table.number}>
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {roles.map(({ role, calls, spentUsd }) => (
            <tr key={role}>
              <td>{roleWords[role] ?? role}</td>
              <td className={table.number}>{count(calls)}</td>
              <td className={table.number}>{usd(spentUsd)}</td>
              <td className={table.number}>
                {totalUsd === 0 ? "–" : `${((spentUsd / totalUsd) * 100).toFixed(1)}\u00a0%`}
              </td>
            </tr>
          ))}
          <tr>
            <td className={table.dim}>of which the proof of the finalists</td>
            <td />
            <td className={table.number}>{usd(confirmationUsd)}</td>
            <td className={table.number}>
              {totalUsd === 0 ? "–" : `${((confirmationUsd / totalUsd) * 100).toFixed(1)}\u00a0%`}
            </td>
          </tr>
          {foundTrials === 0 ? null : (
            <tr>
              <td className={table.dim}>trials that count too, found stored and not paid again</td>
              <td className={table.number}>{count(foundTrials)}</td>
              <td className={table.number}>{usd(0)}</td>
              <td />
            </tr>
          )}
          {keptForConfirmationUsd === null ? null : (
            <tr>
              <td className={table.dim}>kept for the proof, which the search may not touch</td>
              <td />
              <td className={table.number}>{usd(keptForConfirmationUsd)}</td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
