import { defineFamily } from "../define-family.ts";

const shearModulusMpa = 79_300;

/** Helical compression spring: rate Gd⁴/(8D³n), shear stress 8FD/(πd³) times Wahl's factor (Wahl 1963). */
export const spring = defineFamily({
  name: "spring",
  title: "Compression spring",
  parameters: (draws) => ({ forceN: 60 + draws.int(30) * 20 }),
  variables: () => [
    { name: "wire_mm", unit: "mm", min: 1, max: 9, integer: false, description: "wire diameter" },
    {
      name: "coil_mm",
      unit: "mm",
      min: 14,
      max: 80,
      integer: false,
      description: "mean coil diameter",
    },
    { name: "turns", unit: "turns", min: 4, max: 16, integer: false, description: "active turns" },
  ],
  nominal: (_, draws) => {
    const wire = 2.2 + 4 * draws.next();
    return {
      wire_mm: wire,
      coil_mm: Math.min(76, Math.max(16, wire * (7 + 3.5 * draws.next()))),
      turns: 6 + 6 * draws.next(),
    };
  },
  requirements: ({ forceN }) => {
    const rate = (d: number, coil: number, n: number) =>
      (shearModulusMpa * d ** 4) / (8 * coil ** 3 * n);
    const stress = (d: number, coil: number) => (8 * forceN * coil) / (Math.PI * d ** 3);
    const wahl = (d: number, coil: number) => {
      const index = Math.max(1.2, coil / d);
      return (4 * index - 1) / (4 * index - 4) + 0.615 / index;
    };
    return [
      {
        name: "shear stress",
        unit: "MPa",
        relation: "<=",
        exact: (d) => stress(d.wire_mm ?? 0, d.coil_mm ?? 0) * wahl(d.wire_mm ?? 0, d.coil_mm ?? 0),
        // The quick model corrects for direct shear only, not for curvature.
        simple: (d) =>
          stress(d.wire_mm ?? 0, d.coil_mm ?? 0) *
          (1 + 0.5 / Math.max(1.2, (d.coil_mm ?? 0) / (d.wire_mm ?? 1))),
        raise: ["wire_mm"],
        lower: ["coil_mm"],
        text: `Under ${forceN} N the shear stress in the wire stays at or below {limit}.`,
      },
      {
        name: "spring rate",
        unit: "N/mm",
        relation: "<=",
        // Ground ends take a little off the working turns.
        exact: (d) => rate(d.wire_mm ?? 0, d.coil_mm ?? 0, d.turns ?? 0) * 1.06,
        simple: (d) => rate(d.wire_mm ?? 0, d.coil_mm ?? 0, d.turns ?? 0),
        raise: ["turns", "coil_mm"],
        lower: ["wire_mm"],
        text: "The spring is no stiffer than {limit}.",
      },
      {
        name: "solid length",
        unit: "mm",
        relation: "<=",
        exact: (d) => (d.wire_mm ?? 0) * ((d.turns ?? 0) + 2) * 1.05,
        simple: (d) => (d.wire_mm ?? 0) * ((d.turns ?? 0) + 2),
        lower: ["turns", "wire_mm"],
        late: true,
        text: "fully compressed, the spring is {limit} long at most.",
      },
    ];
  },
  cost: (_, d) => 0.6 + (d.wire_mm ?? 0) ** 2 * (d.coil_mm ?? 0) * ((d.turns ?? 0) + 2) * 3.2e-4,
  drivers: ["coil_mm", "turns", "wire_mm"],
  story: ({ forceN }) =>
    `A helical compression spring of music wire (shear modulus 79.3 GPa) carries up to ${forceN} N. Its ends are closed and ground. Choose wire, coil and number of turns.`,
});
