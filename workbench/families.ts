import { AppError } from "#lib/errors.ts";
import { beam } from "./families/beam.ts";
import { circuit } from "./families/circuit.ts";
import { column } from "./families/column.ts";
import { gear } from "./families/gear.ts";
import { heatSink } from "./families/heat-sink.ts";
import { packing } from "./families/packing.ts";
import { pipe } from "./families/pipe.ts";
import { pressureVessel } from "./families/pressure-vessel.ts";
import { spring } from "./families/spring.ts";
import { trajectory } from "./families/trajectory.ts";
import { truss } from "./families/truss.ts";
import type { ProblemFamily } from "./problem.ts";

/** Every family of design problems, in a fixed order. */
export const families: readonly ProblemFamily[] = [
  beam,
  packing,
  pipe,
  heatSink,
  spring,
  gear,
  truss,
  trajectory,
  circuit,
  column,
  pressureVessel,
];

/** Throws AppError("not-found") for a name that is none. */
export function requireFamily(name: string): ProblemFamily {
  const family = families.find((candidate) => candidate.name === name);
  if (family === undefined)
    throw new AppError("not-found", `There is no family of problems "${name}".`);
  return family;
}
