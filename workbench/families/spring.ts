import { defineFamily } from "../define-family.ts";
import { quantity } from "../units.ts";

const shearModulusMpa = 79_300;
/** Turns that the ground ends take from the active ones. */
const lostTurns = 0.5;
/** Free space left between two turns that are pressed together. */
const turnGapMm = 0.2;

/** Rate of a helical spring in N/mm: Gd⁴/(8D³n). */
export function springRate(wireMm: number, coilMm: number, turns: number): number {
  return (shearModulusMpa * wireMm ** 4) / (8 * coilMm ** 3 * turns);
}

/** Torsional stress in the wire without correction, in MPa: 8FD/(πd³). */
export function torsionMpa(forceN: number, wireMm: number, coilMm: number): number {
  return (8 * forceN * coilMm) / (Math.PI * wireMm ** 3);
}

/** Wahl's factor for curvature and direct shear at the spring index C = D/d: (4C−1)/(4C−4) + 0.615/C. */
export function wahlFactor(springIndex: number): number {
  return (4 * springIndex - 1) / (4 * springIndex - 4) + 0.615 / springIndex;
}

/** A coil cannot be wound tighter than this. */
function indexOf(wireMm: number, coilMm: number): number {
  return Math.max(1.2, coilMm / wireMm);
}

/**
 * Helical compression spring (Wahl, Mechanical Springs). The quick model corrects for direct shear only (1 + 0.5/C),
 * counts all turns as active and presses them together without a gap.
 */
export const spring = defineFamily({
  name: "spring",
  title: "Compression spring",
  parameters: (draws) => ({ forceN: 60 + draws.int(30) * 20, imperial: draws.chance(0.4) }),
  variables: () => [
    { name: "wire_mm", unit: "mm", min: 1, max: 9, description: "wire diameter" },
    { name: "coil_mm", unit: "mm", min: 14, max: 80, description: "mean coil diameter" },
    { name: "turns", unit: "turns", min: 4, max: 16, description: "active turns" },
  ],
  nominal: (_, draws) => {
    const wire = 2.2 + 4 * draws.next();
    return {
      wire_mm: wire,
      coil_mm: Math.min(76, Math.max(16, wire * (7 + 3.5 * draws.next()))),
      turns: 6 + 6 * draws.next(),
    };
  },
  requirements: ({ forceN, imperial }) => [
    {
      name: "shear stress",
      unit: "MPa",
      relation: "<=",
      exact: ({ wire_mm, coil_mm }) =>
        torsionMpa(forceN, wire_mm, coil_mm) * wahlFactor(indexOf(wire_mm, coil_mm)),
      simple: ({ wire_mm, coil_mm }) =>
        torsionMpa(forceN, wire_mm, coil_mm) * (1 + 0.5 / indexOf(wire_mm, coil_mm)),
      raise: ["wire_mm"],
      lower: ["coil_mm"],
      text: `Under ${quantity(forceN, "N", imperial)} the shear stress in the wire stays at or below {limit}.`,
    },
    {
      name: "spring rate",
      unit: "N/mm",
      relation: "<=",
      exact: ({ wire_mm, coil_mm, turns }) => springRate(wire_mm, coil_mm, turns - lostTurns),
      simple: ({ wire_mm, coil_mm, turns }) => springRate(wire_mm, coil_mm, turns),
      raise: ["turns", "coil_mm"],
      lower: ["wire_mm"],
      text: "The spring is no stiffer than {limit}.",
    },
    {
      name: "solid length",
      unit: "mm",
      relation: "<=",
      exact: ({ wire_mm, turns }) => (wire_mm + turnGapMm) * (turns + 2),
      simple: ({ wire_mm, turns }) => wire_mm * (turns + 2),
      lower: ["turns", "wire_mm"],
      late: true,
      text: "fully compressed, the spring is {limit} long at most.",
    },
  ],
  cost: (_, { wire_mm, coil_mm, turns }) => 0.6 + wire_mm ** 2 * coil_mm * (turns + 2) * 3.2e-4,
  drivers: ["coil_mm", "turns", "wire_mm"],
  story: ({ forceN, imperial }) =>
    `A helical compression spring of music wire (shear modulus 79.3 GPa) carries up to ${quantity(forceN, "N", imperial)}. Its ends are closed and ground, which adds two turns of wire but takes half a turn from the active ones; ${turnGapMm} mm stay free between turns even when it is pressed together. Choose wire, coil and number of turns.`,
});
