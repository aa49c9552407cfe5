import type { OptimizationPreview } from "#lib/http/shapes/preview.ts";
import { plannedStages, repeatsWords } from "#lib/optimizations/plan-words.ts";
import { count } from "../ui/format.ts";
import table from "../ui/table.module.css";
import classes from "./start-dialogue.module.css";

/** How many calls each stage may order: together never more than the budget. */
export function PreviewPlan({ plan }: { plan: OptimizationPreview["plan"] }) {
  return (
    <section aria-label="Calls of each stage">
      <div className={table.scroll}>
        <table className={`${table.table} ${classes.plan}`}>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col" className={table.number}>
                Calls at most
              </th>
              <th scope="col" aria-label="Share" />
              <th scope="col">For</th>
            </tr>
          </thead>
          <tbody>
            {plannedStages(plan).map(({ name, trials, words }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={table.number}>{count(trials)}</td>
                <td className={classes.share}>
                  <div
                    className={classes.shareBar}
                    data-stage={name}
                    style={{ width: `${(trials / plan.calls) * 100}%` }}
                  />
                </td>
                <td className={classes.words}>{words}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={classes.note}>{repeatsWords(plan)}</p>
    </section>
  );
}
