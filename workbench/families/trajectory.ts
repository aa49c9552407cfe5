import { defineFamily } from "../define-family.ts";

const gravity = 9.81;

/** Ballistic throw over a wall: range v²sin2θ/g and height above a point, with a drag correction in the full model. */
export const trajectory = defineFamily({
  name: "trajectory",
  title: "Trajectory",
  parameters: (draws) => ({ wallShare: 0.3 + 0.3 * draws.next(), massKg: 2 + draws.int(9) }),
  variables: () => [
    {
      name: "speed_mps",
      unit: "m/s",
      min: 8,
      max: 60,
      integer: false,
      description: "launch speed",
    },
    {
      name: "angle_deg",
      unit: "deg",
      min: 20,
      max: 70,
      integer: false,
      description: "launch angle above the horizon",
    },
  ],
  nominal: (_, draws) => ({ speed_mps: 18 + 22 * draws.next(), angle_deg: 36 + 10 * draws.next() }),
  requirements: ({ wallShare }) => {
    const radians = (degrees: number) => (degrees * Math.PI) / 180;
    const range = (v: number, angle: number) => (v * v * Math.sin(2 * radians(angle))) / gravity;
    const peak = (v: number, angle: number) => (v * Math.sin(radians(angle))) ** 2 / (2 * gravity);
    const time = (v: number, angle: number) => (2 * v * Math.sin(radians(angle))) / gravity;
    return [
      {
        name: "range",
        unit: "m",
        relation: ">=",
        // The quick model throws in a vacuum.
        exact: (d) => range(d.speed_mps ?? 0, d.angle_deg ?? 0) * 0.91,
        simple: (d) => range(d.speed_mps ?? 0, d.angle_deg ?? 0),
        raise: ["speed_mps"],
        text: "The parcel flies {limit} or farther.",
      },
      {
        name: "clearance at the wall",
        unit: "m",
        relation: ">=",
        exact: (d) =>
          peak(d.speed_mps ?? 0, d.angle_deg ?? 0) * 4 * wallShare * (1 - wallShare) * 0.93,
        simple: (d) => peak(d.speed_mps ?? 0, d.angle_deg ?? 0) * 4 * wallShare * (1 - wallShare),
        raise: ["speed_mps", "angle_deg"],
        text: "Above the wall on its way it is {limit} high or higher.",
      },
      {
        name: "time of flight",
        unit: "s",
        relation: "<=",
        exact: (d) => time(d.speed_mps ?? 0, d.angle_deg ?? 0) * 1.05,
        simple: (d) => time(d.speed_mps ?? 0, d.angle_deg ?? 0),
        lower: ["angle_deg", "speed_mps"],
        late: true,
        text: "it is in the air for {limit} at most.",
      },
    ];
  },
  cost: ({ massKg }, d) => 5 + massKg * (d.speed_mps ?? 0) ** 2 * 0.004,
  drivers: ["speed_mps"],
  story: ({ wallShare, massKg }) =>
    `A launcher throws a parcel of ${massKg} kg over a wall onto level ground. The wall stands at ${Math.round(wallShare * 100)} % of the way to where it lands. Gravity is 9.81 m/s². Choose speed and angle; work with radians where a function wants them.`,
});
