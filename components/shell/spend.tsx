import type { BudgetShape } from "#lib/http/shapes/overview.ts";
import { usd } from "../ui/format.ts";
import classes from "./shell.module.css";

/** Today's spend against the cap; reserved money counts as used. */
export function Spend({ budget }: { budget: BudgetShape }) {
  const used = budget.spentUsd + budget.reservedUsd;
  const share = budget.capUsd === 0 ? 1 : Math.min(1, used / budget.capUsd);
  return (
    <div
      className={classes.spend}
      title={`Spent ${usd(budget.spentUsd)}, reserved ${usd(budget.reservedUsd)} on ${budget.day} (UTC)`}
    >
      <span>
        Today {usd(used)} of {usd(budget.capUsd)}
      </span>
      <div className={classes.meter}>
        <div
          className={classes.meterFill}
          data-near={share > 0.9 || undefined}
          style={{ width: `${share * 100}%` }}
        />
      </div>
    </div>
  );
}
