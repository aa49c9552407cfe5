/** Stable sorting as Python's `sorted`, and the keys that Jinja2's filters sort by. */
import type { Budget } from "./limits.ts";
import type { Value } from "./value.ts";

/** A sorted copy; reversed sorting keeps equal items in their order, as Python's does. */
export function sortValues<T>(
  items: readonly T[],
  compare: (one: T, other: T) => number,
  isReversed: boolean,
  budget: Budget,
): T[] {
  budget.list(items.length);
  // Python asks only whether one item is less than the other, so NaN counts as equal.
  const order = (one: T, other: T) => {
    const result = compare(one, other);
    return Number.isNaN(result) ? 0 : result;
  };
  return items.toSorted(isReversed ? (one, other) => order(other, one) : order);
}

/** Texts without their case, everything else as it is. */
export function ignoreCase(value: Value): Value {
  return typeof value === "string" ? value.toLowerCase() : value;
}
