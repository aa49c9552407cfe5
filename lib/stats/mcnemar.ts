/**
 * Exact one-sided McNemar test (McNemar 1947) for paired runs, one an arm: the chance of at least `wins` wins among
 * the pairs that differ if either arm were as likely to win. `wins` counts benchmarks only the candidate solved,
 * `losses` those only the baseline solved. Throws RangeError unless both are whole numbers from 0 to 1,000 together.
 */
export function mcnemarExact(wins: number, losses: number): number {
  const discordant = wins + losses;
  if (!Number.isInteger(wins) || !Number.isInteger(losses) || wins < 0 || losses < 0)
    throw new RangeError(`${wins} wins and ${losses} losses are not possible`);
  // Beyond a thousand pairs 2^-n leaves the range of a double.
  if (discordant > 1_000) throw new RangeError(`${discordant} pairs are more than 1,000`);
  let weight = 2 ** -discordant;
  let p = 0;
  for (let k = 0; k <= losses; k++) {
    p += weight;
    weight = (weight * (discordant - k)) / (k + 1);
  }
  return Math.min(1, p);
}
