import { defineFamily } from "../define-family.ts";
import { quantity } from "../units.ts";

const greaseMm = 2.5;
const shaftShearMpa = 30;
/** Rim that must stay between the bore with its keyway and the teeth, as a multiple of the bore. */
const rim = 1.25;

/** Lewis' bending stress at the root of a full-depth 20° tooth, in MPa: F/(b·m·Y), Y = 0.484 − 2.87/z. */
export function lewisStressMpa(
  torqueNm: number,
  { module_mm, teeth, face_mm }: { module_mm: number; teeth: number; face_mm: number },
): number {
  const force = (2000 * torqueNm) / (module_mm * teeth);
  return force / (face_mm * module_mm * (0.484 - 2.87 / teeth));
}

/** Dynamic factor of ground teeth at the pitch line speed v in m/s: √((5.56 + √v)/5.56). */
export function dynamicFactor(speedMps: number): number {
  return Math.sqrt((5.56 + Math.sqrt(speedMps)) / 5.56);
}

/** Shaft for a torque from 16T/(πd³) = τ, in mm. */
export function boreMm(torqueNm: number): number {
  return Math.cbrt((16 * torqueNm * 1000) / (Math.PI * shaftShearMpa));
}

/**
 * Spur gear (Shigley, Mechanical Engineering Design: Lewis' equation and the dynamic factor). The quick model leaves
 * out the dynamic load and the film of grease, and does not see the bore.
 */
export const gear = defineFamily({
  name: "gear",
  title: "Spur gear",
  parameters: (draws) => ({
    torqueNm: 20 + draws.int(30) * 5,
    speedRpm: 80 + draws.int(20) * 15,
    imperial: draws.chance(0.4),
  }),
  variables: () => [
    { name: "module_mm", unit: "mm", min: 1, max: 8, description: "module of the teeth" },
    {
      name: "teeth",
      unit: "teeth",
      min: 17,
      max: 60,
      integer: true,
      description: "number of teeth",
    },
    { name: "face_mm", unit: "mm", min: 8, max: 90, description: "face width" },
  ],
  nominal: (_, draws) => ({
    module_mm: 2.3 + 2.9 * draws.next(),
    teeth: 20 + draws.int(22),
    face_mm: 20 + 45 * draws.next(),
  }),
  requirements: ({ torqueNm, speedRpm }) => [
    {
      name: "tooth bending stress",
      unit: "MPa",
      relation: "<=",
      exact: (values) => {
        const speedMps = (Math.PI * values.module_mm * values.teeth * speedRpm) / 60_000;
        return lewisStressMpa(torqueNm, values) * dynamicFactor(speedMps);
      },
      simple: (values) => lewisStressMpa(torqueNm, values),
      raise: ["module_mm", "face_mm", "teeth"],
      text: "The bending stress of a tooth stays at or below {limit}.",
    },
    {
      name: "outside diameter",
      unit: "mm",
      relation: "<=",
      exact: ({ module_mm, teeth }) => module_mm * (teeth + 2) + 2 * greaseMm,
      simple: ({ module_mm, teeth }) => module_mm * (teeth + 2),
      lower: ["teeth", "module_mm"],
      text: "With its film of grease the gear fits into a bore of {limit}.",
    },
  ],
  collisions: ({ torqueNm }, { module_mm, teeth }) => {
    const rootMm = module_mm * (teeth - 2.5);
    const neededMm = boreMm(torqueNm) * rim;
    if (!(rootMm < neededMm)) return [];
    return [
      {
        message: `The keyway of the shaft cuts into the teeth: their root circle of ${rootMm.toFixed(1)} mm must be ${neededMm.toFixed(1)} mm wide.`,
        variables: ["module_mm", "teeth"],
        suggestion: { module_mm: Math.min(8, (neededMm * 1.05) / (teeth - 2.5)) },
      },
    ];
  },
  cost: (_, { module_mm, teeth, face_mm }) => 4 + (module_mm * teeth) ** 2 * face_mm * 5.5e-5,
  drivers: ["face_mm", "teeth", "module_mm"],
  story: ({ torqueNm, speedRpm, imperial }) =>
    `A ground steel spur gear passes on ${quantity(torqueNm, "N·m", imperial)} at ${speedRpm} revolutions per minute, 20° pressure angle, full depth. It sits on a shaft of ${boreMm(torqueNm).toFixed(1)} mm, and the root circle must be at least ${rim} times as wide, or the keyway collides with the teeth. A film of grease of ${greaseMm} mm surrounds it in its housing. Choose module, teeth and face width.`,
});
