import { defineFamily } from "../define-family.ts";

const gravity = 9.81;
const airDensity = 1.204;
/** Drag coefficient of a sphere between Re 10³ and 10⁵. */
const dragCoefficient = 0.47;
const latchSeconds = 0.5;
const stepSeconds = 0.02;
/** The fastest throw in a vacuum lands after 11.5 s; drag only shortens it. */
const stepsMax = 1_000;

export interface Flight {
  rangeM: number;
  seconds: number;
  /** Height where the wall stands; 0 when the flight ends before it. */
  heightAtWallM: number;
}

/** Throw in a vacuum: range v²·sin 2θ/g, duration 2v·sin θ/g, height x·tan θ − gx²/(2v²cos²θ). */
export function vacuumFlight(speedMps: number, angleDeg: number, wallM: number): Flight {
  const angle = (angleDeg * Math.PI) / 180;
  const rangeM = (speedMps ** 2 * Math.sin(2 * angle)) / gravity;
  const fall = (gravity * wallM ** 2) / (2 * (speedMps * Math.cos(angle)) ** 2);
  return {
    rangeM,
    seconds: (2 * speedMps * Math.sin(angle)) / gravity,
    heightAtWallM: rangeM < wallM ? 0 : wallM * Math.tan(angle) - fall,
  };
}

type State = readonly [x: number, y: number, vx: number, vy: number];

function slope([, , vx, vy]: State, dragPerM: number): State {
  const drag = dragPerM * Math.hypot(vx, vy);
  return [vx, vy, -drag * vx, -gravity - drag * vy];
}

function along(from: State, by: State, seconds: number): State {
  return [
    from[0] + by[0] * seconds,
    from[1] + by[1] * seconds,
    from[2] + by[2] * seconds,
    from[3] + by[3] * seconds,
  ];
}

/** One step of the classical Runge–Kutta method. */
function step(state: State, dragPerM: number): State {
  const a = slope(state, dragPerM);
  const b = slope(along(state, a, stepSeconds / 2), dragPerM);
  const c = slope(along(state, b, stepSeconds / 2), dragPerM);
  const d = slope(along(state, c, stepSeconds), dragPerM);
  const mean: State = [
    (a[0] + 2 * b[0] + 2 * c[0] + d[0]) / 6,
    (a[1] + 2 * b[1] + 2 * c[1] + d[1]) / 6,
    (a[2] + 2 * b[2] + 2 * c[2] + d[2]) / 6,
    (a[3] + 2 * b[3] + 2 * c[3] + d[3]) / 6,
  ];
  return along(state, mean, stepSeconds);
}

/** Throw with quadratic drag, integrated until it lands; `dragPerM` is ρ·cd·A/(2m). */
export function dragFlight(
  speedMps: number,
  angleDeg: number,
  { wallM, dragPerM }: { wallM: number; dragPerM: number },
): Flight {
  const angle = (angleDeg * Math.PI) / 180;
  let state: State = [0, 0, speedMps * Math.cos(angle), speedMps * Math.sin(angle)];
  let heightAtWallM = 0;
  for (let n = 0; n < stepsMax; n++) {
    const next = step(state, dragPerM);
    if (state[0] <= wallM && next[0] > wallM) {
      const share = (wallM - state[0]) / (next[0] - state[0]);
      heightAtWallM = Math.max(0, state[1] + share * (next[1] - state[1]));
    }
    if (next[1] < 0) {
      const share = state[1] / (state[1] - next[1]);
      return {
        rangeM: state[0] + share * (next[0] - state[0]),
        seconds: (n + share) * stepSeconds,
        heightAtWallM,
      };
    }
    state = next;
  }
  return { rangeM: Number.NaN, seconds: Number.NaN, heightAtWallM: Number.NaN };
}

/**
 * Ballistic throw over a wall. The full model integrates quadratic drag and adds the latch's delay; the quick one
 * throws in a vacuum.
 */
export const trajectory = defineFamily({
  name: "trajectory",
  title: "Trajectory",
  parameters: (draws) => {
    const massKg = 2 + draws.int(9);
    const diameterMm = Math.round(88 * Math.sqrt(massKg));
    const areaM2 = (Math.PI / 4) * (diameterMm / 1000) ** 2;
    return {
      massKg,
      diameterMm,
      dragPerM: (airDensity * dragCoefficient * areaM2) / (2 * massKg),
      wallM: 14 + draws.int(13),
    };
  },
  variables: () => [
    { name: "speed_mps", unit: "m/s", min: 8, max: 60, description: "launch speed" },
    {
      name: "angle_deg",
      unit: "deg",
      min: 20,
      max: 70,
      description: "launch angle above the horizon",
    },
  ],
  nominal: (_, draws) => ({ speed_mps: 20 + 10 * draws.next(), angle_deg: 36 + 10 * draws.next() }),
  requirements: (throwing) => {
    const drag = (v: number, angle: number) => dragFlight(v, angle, throwing);
    const vacuum = (v: number, angle: number) => vacuumFlight(v, angle, throwing.wallM);
    return [
      {
        name: "range",
        unit: "m",
        relation: ">=",
        exact: ({ speed_mps, angle_deg }) => drag(speed_mps, angle_deg).rangeM,
        simple: ({ speed_mps, angle_deg }) => vacuum(speed_mps, angle_deg).rangeM,
        raise: ["speed_mps"],
        text: "The parcel flies {limit} or farther.",
      },
      {
        name: "height at the wall",
        unit: "m",
        relation: ">=",
        exact: ({ speed_mps, angle_deg }) => drag(speed_mps, angle_deg).heightAtWallM,
        simple: ({ speed_mps, angle_deg }) => vacuum(speed_mps, angle_deg).heightAtWallM,
        raise: ["angle_deg", "speed_mps"],
        text: "Above the wall on its way it is {limit} high or higher.",
      },
      {
        name: "time to landing",
        unit: "s",
        relation: "<=",
        exact: ({ speed_mps, angle_deg }) => drag(speed_mps, angle_deg).seconds + latchSeconds,
        simple: ({ speed_mps, angle_deg }) => vacuum(speed_mps, angle_deg).seconds,
        lower: ["angle_deg", "speed_mps"],
        late: true,
        text: "from the trigger to the landing it takes {limit} at most.",
      },
    ];
  },
  cost: ({ massKg }, { speed_mps }) => 5 + massKg * speed_mps ** 2 * 0.004,
  drivers: ["speed_mps"],
  story: ({ massKg, diameterMm, wallM }) =>
    `A launcher throws a round parcel of ${massKg} kg and ${diameterMm} mm diameter over a wall onto level ground. The wall stands ${wallM} m away. Gravity is 9.81 m/s², air weighs 1.204 kg/m³, the drag coefficient is 0.47, and the latch opens ${latchSeconds} s after the trigger. Choose speed and angle; work with radians where a function wants them.`,
});
