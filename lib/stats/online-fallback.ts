/**
 * The alpha ledger of proofs on the same sealed rows: online fallback (Tian & Ramdas 2021, Online control of the
 * familywise error rate). Test j may spend its own share total·gamma_j, with gamma_j = 1/(j(j + 1)), which sums to 1;
 * after a rejection it also receives all that the previous test had. The first test has half of the total, the second a
 * sixth, the third a twelfth.
 *
 * Why the chance of any false rejection is at most `total`, under any dependence of the tests: a test has its own share
 * and those of the unbroken run of rejections before it. Before the first false rejection no true null was rejected, so
 * that run reaches back at most to the true null before this one. Hence the level of a true null is at most the sum of
 * the shares after the previous true null up to its own. These bounds are fixed numbers, no share is in two of them, and
 * together they are at most `total`: the union bound does the rest. Two conditions: each test is valid at the level it
 * is given, and a test at a smaller level never rejects what the same test at a larger one keeps. The sequential bounds
 * of this folder fulfil the second.
 */

/** A test that was made: the level it was given, and whether it rejected its null hypothesis. */
export interface AlphaSpending {
  alpha: number;
  rejected: boolean;
}

/**
 * Level of the next test after `history`, all tests so far in their order. It is at most `total` and positive. Throws
 * RangeError unless 0 < total < 1 and every level of the history lies within 0..total.
 */
export function alphaOfTest(history: readonly AlphaSpending[], total = 0.05): number {
  if (!(total > 0 && total < 1)) throw new RangeError(`${total} is no level of a test`);
  for (const { alpha } of history)
    if (!(alpha >= 0 && alpha <= total))
      throw new RangeError(`a test cannot have had ${alpha} of ${total}`);
  const j = history.length + 1;
  const previous = history.at(-1);
  return Math.min(total, total / (j * (j + 1)) + (previous?.rejected ? previous.alpha : 0));
}
