/** Exact binomial figures for rates of errors. */

/** Chance of at least `count` of `n` at this rate, 0..1. */
export function atLeast(count: number, n: number, rate: number): number {
  if (count <= 0) return 1;
  let tail = 0;
  for (let k = count; k <= n; k++) tail += Math.exp(logTerm(k, n, rate));
  return Math.min(1, tail);
}

/**
 * One-sided upper bound of a rate after `count` of `n`, at 95 % unless another level is named (Clopper & Pearson, Biometrika 26, 1934): the
 * rate at which so few would be seen with probability 1 − level.
 */
export function upperBound(count: number, n: number, level = 0.95): number {
  if (count >= n) return 1;
  let [low, high] = [count / n, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (1 - atLeast(count + 1, n, middle) > 1 - level) low = middle;
    else high = middle;
  }
  return high;
}

function logTerm(k: number, n: number, rate: number): number {
  const [p, q] = [Math.max(rate, 1e-300), Math.max(1 - rate, 1e-300)];
  return logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log(q);
}

function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= k; i++) log += Math.log(n - k + i) - Math.log(i);
  return log;
}
