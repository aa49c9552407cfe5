import { defineFamily } from "../define-family.ts";

/** RC low-pass filter: attenuation 20·log10√(1+(2πfRC)²) at the noise, settling 5RC, and the source's load current. */
export const circuit = defineFamily({
  name: "circuit",
  title: "RC filter",
  parameters: (draws) => ({ noiseHz: 200 + draws.int(40) * 50, voltage: 3 + draws.int(10) }),
  variables: () => [
    {
      name: "r_ohm",
      unit: "ohm",
      min: 200,
      max: 20_000,
      integer: false,
      description: "series resistance",
    },
    { name: "c_uf", unit: "uF", min: 0.05, max: 20, integer: false, description: "capacitance" },
  ],
  nominal: (_, draws) => ({ r_ohm: 1500 + 6000 * draws.next(), c_uf: 0.8 + 5 * draws.next() }),
  requirements: ({ noiseHz, voltage }) => {
    const tau = (r: number, c: number) => (r * c) / 1e6;
    const attenuation = (r: number, c: number) =>
      20 * Math.log10(Math.sqrt(1 + (2 * Math.PI * noiseHz * tau(r, c)) ** 2));
    return [
      {
        name: "attenuation",
        unit: "dB",
        relation: ">=",
        // The quick model leaves out the parts' tolerances and the capacitor's loss.
        exact: (d) => attenuation(d.r_ohm ?? 0, d.c_uf ?? 0) * 0.93,
        simple: (d) => attenuation(d.r_ohm ?? 0, d.c_uf ?? 0),
        raise: ["c_uf", "r_ohm"],
        text: "Noise is weakened by {limit} or more.",
      },
      {
        name: "settling time",
        unit: "ms",
        relation: "<=",
        exact: (d) => 5000 * tau(d.r_ohm ?? 0, d.c_uf ?? 0) * 1.09,
        simple: (d) => 5000 * tau(d.r_ohm ?? 0, d.c_uf ?? 0),
        lower: ["r_ohm", "c_uf"],
        text: "The output settles to 1 % within {limit}.",
      },
      {
        name: "inrush current",
        unit: "mA",
        relation: "<=",
        exact: (d) => ((voltage * 1000) / (d.r_ohm ?? 1)) * 1.06,
        simple: (d) => (voltage * 1000) / (d.r_ohm ?? 1),
        raise: ["r_ohm"],
        late: true,
        text: "the inrush current is {limit} at most.",
      },
    ];
  },
  cost: (_, d) => 0.4 + (d.c_uf ?? 0) * 0.35 + 80 / (d.r_ohm ?? 1),
  drivers: ["c_uf"],
  story: ({ noiseHz, voltage }) =>
    `A sensor signal of ${voltage} V passes a first-order RC low-pass filter that weakens noise at ${noiseHz} Hz. Choose resistor and capacitor.`,
});
