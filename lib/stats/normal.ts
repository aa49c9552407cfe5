/**
 * The standard normal distribution, accurate in both tails: boundaries of early looks lie at chances of 1e-30.
 */

const sqrtTwoPi = Math.sqrt(2 * Math.PI);
/** Beyond it the tail leaves the range of a double. */
const farthest = 38;

/** Density at x. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / sqrtTwoPi;
}

/**
 * P(Z ≤ x), with a relative error below 1e-11 in the lower tail too: the power series of Marsaglia (2004, Evaluating
 * the normal distribution) near the centre, Laplace's continued fraction (Abramowitz & Stegun 26.2.14) in the tails.
 * For an upper tail use `normalCdf(-x)`. Throws RangeError for NaN.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) throw new RangeError("NaN is no point of the normal distribution");
  if (x < -3) return lowerTail(-x);
  if (x > 3) return 1 - lowerTail(x);
  let term = x;
  let sum = x;
  for (let k = 3; k < 200 && Math.abs(term) > 1e-18; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

/** P(Z ≥ x) for x ≥ 3: φ(x) / (x + 1/(x + 2/(x + …))), from inside out. */
function lowerTail(x: number): number {
  if (x > farthest) return 0;
  let fraction = x;
  for (let k = 80; k >= 1; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}

/**
 * The x with P(Z ≤ x) = p; infinite at 0 and 1. It starts from Abramowitz & Stegun 26.2.23 and refines by Newton's
 * method on the logarithm of the tail, which converges from everywhere. Throws RangeError outside 0..1.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`${p} is no probability`);
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let x =
    (2.515517 + t * (0.802853 + t * 0.010328)) /
      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) -
    t;
  for (let step = 0; step < 20; step++) {
    const below = normalCdf(x);
    const change = (Math.log(below / p) * below) / normalDensity(x);
    x -= change;
    if (Math.abs(change) <= 1e-14 * Math.max(1, Math.abs(x))) break;
  }
  return x;
}
