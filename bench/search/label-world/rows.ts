/** Messages with labels, made of words by chance. */
import { draw } from "#lib/random.ts";

export interface WorldRow {
  id: string;
  /** Place in the population. */
  index: number;
  input: string;
  expected: string;
  family: string;
  /** Rows with the same input after normalization share it. */
  group: string;
}

const labelSets: readonly (readonly string[])[] = [
  ["praise", "complaint"],
  ["refund", "exchange", "question"],
  ["billing", "delivery", "returns", "account"],
];
const families: readonly string[] = ["web", "store", "phone", "partner", "abroad"];
export const words: readonly string[] =
  "address advice amount answer arrival basket battery bill blanket bottle bracket branch bundle button cable camera candle carpet catalog chair charge charger clerk coat colour contract corner counter coupon courier cover credit curtain customer deadline deposit desk detail device discount display door drawer driver email engine envelope error fabric fee filter flight folder form frame garden gift glass glove guide handle heater hinge holiday hook invoice jacket kettle key keyboard label ladder lamp leather letter lid limit list lock manual market member message meter mirror model month motor needle notice number office order oven owner package paint panel parcel password payment pencil phone pillow plan plate price printer promise pump quality quote rack receipt reason record repair report request room rope route sample saddle scale screen seal season seat service shelf shipment shirt shoe signal size sleeve socket spare spring stamp staff station stock strap street switch table tank tape tariff term ticket tile timer token tool towel track train tray trip tube update valve van video visit voucher warranty watch water weight wheel window wire wood zone".split(
    " ",
  );
const wordsMin = 14;
const wordsMax = 32;

export interface Rows {
  labels: readonly string[];
  population: WorldRow[];
  /** Indices of the suite's rows: a random sample, in random order. */
  suite: number[];
}

/** `size` of `populationSize` rows make up the suite. */
export function makeRows(seed: number, size: number, populationSize: number): Rows {
  const draws = draw("label-world", "rows", seed);
  const labels = draws.pick(labelSets);
  const weights = labels.map(() => 0.6 + draws.next());
  const population = Array.from({ length: populationSize }, (_, index): WorldRow => {
    const family = draws.pick(families);
    const length = wordsMin + draws.int(wordsMax - wordsMin + 1);
    const text = Array.from({ length }, () => draws.pick(words)).join(" ");
    const input = `${family} ${index}: ${text}`;
    const expected = draws.weighted(labels, weights);
    return { id: `row-${index}`, index, input, expected, family, group: input.toLowerCase() };
  });
  const suite = draws.shuffle(population.map(({ index }) => index)).slice(0, size);
  return { labels, population, suite };
}
