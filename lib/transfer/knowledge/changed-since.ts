/** Conditions on a row `t`, in SQL: is it new or changed since a moment? */
type Condition = (moment: string) => string;

export const since =
  (column: string): Condition =>
  (moment) =>
    `t.${column} >= ${moment}`;
export const sinceAny =
  (columns: readonly string[]): Condition =>
  (moment) =>
    `greatest(${columns.map((column) => `t.${column}`).join(", ")}) >= ${moment}`;

/** A row that has no time of its own is as old as the one it belongs to. */
export const sinceOwner =
  (owner: string, on: string, column: string): Condition =>
  (moment) =>
    `EXISTS (SELECT 1 FROM ${owner} o WHERE ${on} AND o.${column} >= ${moment})`;

export const settledSince =
  (on: string): Condition =>
  (moment) =>
    `EXISTS (SELECT 1 FROM budget_reservations o WHERE ${on} AND greatest(o.created_at, o.settled_at) >= ${moment})`;
