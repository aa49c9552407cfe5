import { defineFamily } from "../define-family.ts";

const conductivity = 180;
const coatingMm = 0.12;
/** Resistance of the pad between source and base, K·m²/W. */
const padResistance = 1e-4;

/** Efficiency of a straight fin, tanh(mL)/(mL) with m = √(2h/(kt)); lengths in mm. */
export function finEfficiency(filmWm2k: number, heightMm: number, thicknessMm: number): number {
  const mL = Math.sqrt((2 * filmWm2k) / ((conductivity * thicknessMm) / 1000)) * (heightMm / 1000);
  return Math.tanh(mL) / mL;
}

/** Free width between two neighbouring fins, in mm. */
export function finGapMm(baseMm: number, fins: number, thicknessMm: number): number {
  return (baseMm - fins * thicknessMm) / Math.max(1, fins - 1);
}

/**
 * Plate-fin heat sink (Incropera & DeWitt, Fundamentals of Heat and Mass Transfer). The quick model takes the fins as
 * isothermal and leaves out the thermal pad and the coating.
 */
export const heatSink = defineFamily({
  name: "heat-sink",
  title: "Heat sink",
  parameters: (draws) => ({
    filmWm2k: 12 + draws.int(9) * 2,
    lengthMm: 60 + draws.int(10) * 10,
    baseMm: 60 + draws.int(8) * 10,
  }),
  variables: () => [
    { name: "fins", unit: "fins", min: 4, max: 32, integer: true, description: "number of fins" },
    { name: "fin_height_mm", unit: "mm", min: 8, max: 70, description: "height of the fins" },
    {
      name: "fin_thickness_mm",
      unit: "mm",
      min: 0.6,
      max: 3,
      description: "thickness of the fins",
    },
  ],
  nominal: (_, draws) => ({
    fins: 8 + draws.int(10),
    fin_height_mm: 24 + 20 * draws.next(),
    fin_thickness_mm: 1.1 + 0.8 * draws.next(),
  }),
  requirements: ({ filmWm2k, lengthMm, baseMm }) => {
    const finsM2 = (fins: number, heightMm: number) => (2 * fins * heightMm * lengthMm) / 1e6;
    const baseM2 = (baseMm * lengthMm) / 1e6;
    return [
      {
        name: "thermal resistance",
        unit: "K/W",
        relation: "<=",
        exact: ({ fins, fin_height_mm, fin_thickness_mm }) => {
          const efficiency = finEfficiency(filmWm2k, fin_height_mm, fin_thickness_mm);
          const areaM2 = efficiency * finsM2(fins, fin_height_mm) + baseM2;
          return 1 / (filmWm2k * areaM2) + padResistance / baseM2;
        },
        simple: ({ fins, fin_height_mm }) =>
          1 / (filmWm2k * (finsM2(fins, fin_height_mm) + baseM2)),
        raise: ["fin_height_mm", "fins"],
        text: "The thermal resistance to the air is {limit} at most.",
      },
      {
        name: "gap between fins",
        unit: "mm",
        relation: ">=",
        exact: ({ fins, fin_thickness_mm }) =>
          finGapMm(baseMm, fins, fin_thickness_mm) - 2 * coatingMm,
        simple: ({ fins, fin_thickness_mm }) => finGapMm(baseMm, fins, fin_thickness_mm),
        lower: ["fins", "fin_thickness_mm"],
        text: "Between two fins at least {limit} stay free, coating included.",
      },
    ];
  },
  collisions: ({ baseMm }, { fins, fin_thickness_mm }) => {
    if (!(fins * fin_thickness_mm >= baseMm)) return [];
    return [
      {
        message: "The fins overlap: together they are wider than the base.",
        variables: ["fins", "fin_thickness_mm"],
        suggestion: { fins: Math.max(4, Math.floor(baseMm / (fin_thickness_mm * 2))) },
      },
    ];
  },
  cost: ({ lengthMm, baseMm }, { fins, fin_height_mm, fin_thickness_mm }) =>
    2 + (baseMm * 5 + fins * fin_height_mm * fin_thickness_mm) * lengthMm * 2.4e-5 + fins * 0.12,
  drivers: ["fin_thickness_mm", "fins", "fin_height_mm"],
  story: ({ filmWm2k, lengthMm, baseMm }) =>
    `An aluminium heat sink (180 W/m·K) with straight fins on a base of ${baseMm} mm × ${lengthMm} mm; the fins run along the ${lengthMm} mm and must not overlap. The air flow gives a film coefficient of ${filmWm2k} W/m²K. A pad of 1 K·cm²/W lies between the source and the base, and all surfaces get a coating of ${coatingMm} mm. Choose the fins.`,
});
