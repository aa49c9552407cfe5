import { defineFamily } from "../define-family.ts";

/** Spur gear: Lewis' bending stress F/(b·m·Y) with Barth's velocity factor, pitch diameter m·z. */
export const gear = defineFamily({
  name: "gear",
  title: "Spur gear",
  parameters: (draws) => ({ torqueNm: 20 + draws.int(30) * 5, speedRpm: 300 + draws.int(20) * 50 }),
  variables: () => [
    {
      name: "module_mm",
      unit: "mm",
      min: 1,
      max: 8,
      integer: false,
      description: "module of the teeth",
    },
    {
      name: "teeth",
      unit: "teeth",
      min: 17,
      max: 60,
      integer: true,
      description: "number of teeth",
    },
    { name: "face_mm", unit: "mm", min: 8, max: 90, integer: false, description: "face width" },
  ],
  nominal: (_, draws) => ({
    module_mm: 2 + 3.2 * draws.next(),
    teeth: 20 + draws.int(22),
    face_mm: 20 + 45 * draws.next(),
  }),
  requirements: ({ torqueNm, speedRpm }) => {
    const stress = (m: number, z: number, b: number) => {
      const force = (2000 * torqueNm) / (m * z);
      const form = 0.484 - 2.87 / z;
      return force / (b * m * form);
    };
    const dynamic = (m: number, z: number) => 1 + (Math.PI * m * z * speedRpm) / 60_000 / 40;
    return [
      {
        name: "tooth bending stress",
        unit: "MPa",
        relation: "<=",
        exact: (d) =>
          stress(d.module_mm ?? 0, d.teeth ?? 0, d.face_mm ?? 0) *
          Math.max(1.06, dynamic(d.module_mm ?? 0, d.teeth ?? 0)),
        // The quick model leaves the dynamic load out.
        simple: (d) => stress(d.module_mm ?? 0, d.teeth ?? 0, d.face_mm ?? 0),
        raise: ["module_mm", "face_mm", "teeth"],
        text: "The bending stress of a tooth stays at or below {limit}.",
      },
      {
        name: "outside diameter",
        unit: "mm",
        relation: "<=",
        exact: (d) => (d.module_mm ?? 0) * ((d.teeth ?? 0) + 2) * 1.05,
        simple: (d) => (d.module_mm ?? 0) * ((d.teeth ?? 0) + 2),
        lower: ["teeth", "module_mm"],
        text: "With its runout the gear fits into a bore of {limit}.",
      },
    ];
  },
  cost: (_, d) => 4 + ((d.module_mm ?? 0) * (d.teeth ?? 0)) ** 2 * (d.face_mm ?? 0) * 5.5e-5,
  drivers: ["face_mm", "teeth", "module_mm"],
  story: ({ torqueNm, speedRpm }) =>
    `A steel spur gear passes on ${torqueNm} N·m at ${speedRpm} revolutions per minute, 20° pressure angle, full depth. Choose module, teeth and face width.`,
});
