import { defineFamily } from "../define-family.ts";

const resistorTolerance = 0.02;
const capacitorTolerance = 0.06;
const supplySwell = 0.05;

/** Attenuation of a first-order low-pass filter in decibels: 20·log10 √(1 + (2πfRC)²). */
export function attenuationDb(frequencyHz: number, ohm: number, microfarad: number): number {
  const ratio = 2 * Math.PI * frequencyHz * ohm * microfarad * 1e-6;
  return 10 * Math.log10(1 + ratio * ratio);
}

/** Time until the output is within 1 % of its end value, in milliseconds: RC·ln 100. */
export function settlingMs(ohm: number, microfarad: number): number {
  return Math.log(100) * ohm * microfarad * 1e-3;
}

/**
 * RC low-pass filter (Horowitz & Hill, The Art of Electronics). The quick model takes all parts at their nominal
 * values; the acceptance test takes each tolerance at its worst.
 */
export const circuit = defineFamily({
  name: "circuit",
  title: "RC filter",
  parameters: (draws) => ({ noiseHz: 200 + draws.int(40) * 50, voltage: 3 + draws.int(10) }),
  variables: () => [
    { name: "r_ohm", unit: "ohm", min: 200, max: 20_000, description: "series resistance" },
    { name: "c_uf", unit: "uF", min: 0.05, max: 20, description: "capacitance" },
  ],
  nominal: (_, draws) => ({ r_ohm: 1500 + 6000 * draws.next(), c_uf: 0.8 + 5 * draws.next() }),
  requirements: ({ noiseHz, voltage }) => [
    {
      name: "attenuation",
      unit: "dB",
      relation: ">=",
      exact: ({ r_ohm, c_uf }) =>
        attenuationDb(noiseHz, r_ohm * (1 - resistorTolerance), c_uf * (1 - capacitorTolerance)),
      simple: ({ r_ohm, c_uf }) => attenuationDb(noiseHz, r_ohm, c_uf),
      raise: ["c_uf", "r_ohm"],
      text: "Noise is weakened by {limit} or more.",
    },
    {
      name: "settling time",
      unit: "ms",
      relation: "<=",
      exact: ({ r_ohm, c_uf }) =>
        settlingMs(r_ohm * (1 + resistorTolerance), c_uf * (1 + capacitorTolerance)),
      simple: ({ r_ohm, c_uf }) => settlingMs(r_ohm, c_uf),
      lower: ["r_ohm", "c_uf"],
      text: "The output settles to 1 % within {limit}.",
    },
    {
      name: "inrush current",
      unit: "mA",
      relation: "<=",
      exact: ({ r_ohm }) =>
        (voltage * (1 + supplySwell) * 1000) / (r_ohm * (1 - resistorTolerance)),
      simple: ({ r_ohm }) => (voltage * 1000) / r_ohm,
      raise: ["r_ohm"],
      late: true,
      text: "the inrush current is {limit} at most.",
    },
  ],
  cost: (_, { r_ohm, c_uf }) => 0.4 + c_uf * 0.35 + 80 / r_ohm,
  drivers: ["c_uf"],
  story: ({ noiseHz, voltage }) =>
    `A sensor signal of ${voltage} V passes a first-order RC low-pass filter that weakens noise at ${noiseHz} Hz. Parts come from stock: resistors within 2 %, capacitors within 6 % of their value, and the supply may swell by 5 %. The worst combination counts. Attenuation is wanted in decibels. Choose resistor and capacitor.`,
});
