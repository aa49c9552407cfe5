/** Pareto dominance of two vectors, all objectives minimised: no worse in any, better in one. O(M). */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let better = false;
  for (let k = 0; k < a.length; k++) {
    const x = a[k] as number;
    const y = b[k] as number;
    if (x > y) return false;
    if (x < y) better = true;
  }
  return better;
}

/**
 * Deb's constraint domination: feasible (violation 0) before infeasible, smaller violation before larger, ordinary
 * dominance among feasible ones (Deb et al. 2002).
 */
export function constraintDominates(
  a: { objectives: readonly number[]; violation: number },
  b: { objectives: readonly number[]; violation: number },
): boolean {
  if (a.violation > 0 || b.violation > 0) return a.violation < b.violation;
  return dominates(a.objectives, b.objectives);
}
