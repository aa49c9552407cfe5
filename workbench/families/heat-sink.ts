import { defineFamily } from "../define-family.ts";

const conductivity = 180;

/** Plate-fin heat sink: resistance 1/(h·A·η) with the fin efficiency tanh(mL)/(mL) (Incropera & DeWitt). */
export const heatSink = defineFamily({
  name: "heat-sink",
  title: "Heat sink",
  parameters: (draws) => ({
    filmWm2k: 25 + draws.int(10) * 5,
    lengthMm: 60 + draws.int(10) * 10,
    baseMm: 60 + draws.int(8) * 10,
  }),
  variables: () => [
    { name: "fins", unit: "fins", min: 4, max: 32, integer: true, description: "number of fins" },
    {
      name: "fin_height_mm",
      unit: "mm",
      min: 8,
      max: 70,
      integer: false,
      description: "height of the fins",
    },
    {
      name: "fin_thickness_mm",
      unit: "mm",
      min: 0.6,
      max: 3,
      integer: false,
      description: "thickness of the fins",
    },
  ],
  nominal: (_, draws) => ({
    fins: 8 + draws.int(10),
    fin_height_mm: 22 + 26 * draws.next(),
    fin_thickness_mm: 1 + 0.9 * draws.next(),
  }),
  requirements: ({ filmWm2k, lengthMm, baseMm }) => {
    const area = (n: number, height: number) =>
      (2 * n * height * lengthMm + baseMm * lengthMm) / 1e6;
    const efficiency = (height: number, thickness: number) => {
      const mL = Math.sqrt((2 * filmWm2k) / (conductivity * (thickness / 1000))) * (height / 1000);
      return Math.tanh(mL) / mL;
    };
    const gap = (n: number, thickness: number) => (baseMm - n * thickness) / Math.max(1, n - 1);
    return [
      {
        name: "thermal resistance",
        unit: "K/W",
        relation: "<=",
        // The quick model takes the fins as isothermal and clean.
        exact: (d) =>
          1.05 /
          (filmWm2k *
            area(d.fins ?? 0, d.fin_height_mm ?? 0) *
            efficiency(d.fin_height_mm ?? 1, d.fin_thickness_mm ?? 1)),
        simple: (d) => 1 / (filmWm2k * area(d.fins ?? 0, d.fin_height_mm ?? 0)),
        raise: ["fin_height_mm", "fins"],
        text: "The thermal resistance to the air is {limit} at most.",
      },
      {
        name: "gap between fins",
        unit: "mm",
        relation: ">=",
        exact: (d) => gap(d.fins ?? 0, d.fin_thickness_mm ?? 0) * 0.94,
        simple: (d) => gap(d.fins ?? 0, d.fin_thickness_mm ?? 0),
        lower: ["fins", "fin_thickness_mm"],
        text: "Between two fins at least {limit} stay free, coating included.",
      },
    ];
  },
  collisions: ({ baseMm }, d) => {
    const used = (d.fins ?? 0) * (d.fin_thickness_mm ?? 0);
    if (used < baseMm) return [];
    return [
      {
        kind: "collision",
        message: "The fins overlap: together they are wider than the base.",
        variables: ["fins", "fin_thickness_mm"],
        suggestion: { fins: Math.max(4, Math.floor(baseMm / ((d.fin_thickness_mm ?? 1) * 2))) },
      },
    ];
  },
  cost: ({ lengthMm, baseMm }, d) =>
    2 +
    (baseMm * 5 + (d.fins ?? 0) * (d.fin_height_mm ?? 0) * (d.fin_thickness_mm ?? 0)) *
      lengthMm *
      2.4e-5 +
    (d.fins ?? 0) * 0.12,
  drivers: ["fin_thickness_mm", "fins", "fin_height_mm"],
  story: ({ filmWm2k, lengthMm, baseMm }) =>
    `An aluminium heat sink (180 W/m·K) with straight fins on a base of ${baseMm} mm × ${lengthMm} mm; the fins run along the ${lengthMm} mm. The fan gives a film coefficient of ${filmWm2k} W/m²K. Choose the fins.`,
});
