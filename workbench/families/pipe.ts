import { defineFamily } from "../define-family.ts";
import { quantity } from "../units.ts";

const density = 998;
const viscosity = 1.0e-3;
const roughnessM = 4.5e-5;
/** One bend every ten metres, each as a loss coefficient. */
const bendLoss = 0.2;
const bendEveryM = 10;
/** A valve closes in this many seconds per metre of line, so that the surge stays small. */
const closingSpm = 0.03;

/** Mean velocity of a flow in litres per second, in m/s. */
export function velocityMps(flowLps: number, diameterMm: number): number {
  return flowLps / 1000 / ((Math.PI / 4) * (diameterMm / 1000) ** 2);
}

/** Friction factor after Swamee and Jain: 0.25/log10²(ε/(3.7D) + 5.74/Re^0.9). */
export function frictionFactor(reynolds: number, diameterM: number): number {
  return 0.25 / Math.log10(roughnessM / (3.7 * diameterM) + 5.74 / reynolds ** 0.9) ** 2;
}

/** Pressure drop after Darcy and Weisbach with a sum of loss coefficients, in kPa: (fL/D + ΣK)·ρv²/2. */
export function pressureDropKpa(
  line: { flowLps: number; lengthM: number },
  diameterMm: number,
  losses: number,
): number {
  const v = velocityMps(line.flowLps, diameterMm);
  const d = diameterMm / 1000;
  const f = frictionFactor((density * v * d) / viscosity, d);
  return (((f * line.lengthM) / d + losses) * density * v * v) / 2 / 1000;
}

/** Hoop stress at the inner face of a thick wall (Lamé): p(ro² + ri²)/(ro² − ri²). */
export function lameHoopStress(pressure: number, innerMm: number, wallMm: number): number {
  const inner = (innerMm / 2) ** 2;
  const outer = (innerMm / 2 + wallMm) ** 2;
  return (pressure * (outer + inner)) / (outer - inner);
}

/**
 * Water in a steel line (White, Fluid Mechanics). The quick model leaves out the bends, the thickness of the wall and
 * the surge of a closing valve, 2ρLv/t.
 */
export const pipe = defineFamily({
  name: "pipe",
  title: "Pipe flow",
  parameters: (draws) => ({
    flowLps: 1 + draws.int(20) * 0.5,
    lengthM: 20 + draws.int(25) * 10,
    pressureMpa: 1 + draws.int(8) * 0.5,
    imperial: draws.chance(0.4),
  }),
  variables: () => [
    { name: "diameter_mm", unit: "mm", min: 15, max: 160, description: "inner diameter" },
    { name: "wall_mm", unit: "mm", min: 0.8, max: 9, description: "wall thickness" },
  ],
  requirements: (line) => [
    {
      name: "pressure drop",
      unit: "kPa",
      relation: "<=",
      exact: ({ diameter_mm }) =>
        pressureDropKpa(line, diameter_mm, (bendLoss * line.lengthM) / bendEveryM),
      simple: ({ diameter_mm }) => pressureDropKpa(line, diameter_mm, 0),
      raise: ["diameter_mm"],
      text: "The pressure drop over the whole line is {limit} at most.",
    },
    {
      name: "hoop stress",
      unit: "MPa",
      relation: "<=",
      exact: ({ diameter_mm, wall_mm }) => {
        const surgePa = (2 * density * velocityMps(line.flowLps, diameter_mm)) / closingSpm;
        return lameHoopStress(line.pressureMpa + surgePa / 1e6, diameter_mm, wall_mm);
      },
      simple: ({ diameter_mm, wall_mm }) => (line.pressureMpa * diameter_mm) / (2 * wall_mm),
      raise: ["wall_mm"],
      lower: ["diameter_mm"],
      text: "The hoop stress in the wall stays at or below {limit}.",
    },
  ],
  cost: ({ lengthM }, { diameter_mm, wall_mm }) =>
    10 + lengthM * (diameter_mm + wall_mm) * wall_mm * 0.012,
  drivers: ["wall_mm", "diameter_mm"],
  story: ({ flowLps, lengthM, pressureMpa, imperial }) =>
    `A steel line of ${quantity(lengthM, "m", imperial)} carries ${flowLps} litres of water per second at 20 °C and an inner pressure of ${quantity(pressureMpa, "MPa", imperial)}. The pipe has a roughness of 0.045 mm and a bend with a loss coefficient of ${bendLoss} every ${bendEveryM} m. Its valve closes in ${(closingSpm * lengthM).toFixed(1)} s, and the surge adds to the pressure. Choose diameter and wall.`,
});
