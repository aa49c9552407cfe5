import { expect, test } from "vitest";
import { millimetresPer, quantity } from "./units.ts";

test.each([
  ["mm", 1],
  [" Inches ", 25.4],
  ["values in mm", 1],
  ["mm, MPa", 1],
  ["millimeters; mm", 1],
  ["cm", 10],
  ["all lengths in metres", 1000],
  ["mm, in", null],
  ["furlong", null],
  ["m/s", null],
  ["", null],
])("%j names a length of %s mm", (text, per) => {
  expect(millimetresPer(text)).toBe(per);
});

test("imperial quantities are the same ones in other words", () => {
  expect(quantity(4448.2216, "N", true)).toBe("1000 lbf (pound-force)");
  expect(quantity(1.5, "MPa", true)).toBe("217.6 psi (pounds per square inch)");
  expect(quantity(100, "m", true)).toBe("328.1 ft (feet)");
  expect(quantity(50, "N·m", true)).toBe("36.88 lbf·ft (pound-force feet)");
  expect(quantity(1500, "N", false)).toBe("1500 N");
  expect(quantity(0.1 + 0.2, "MPa", false)).toBe("0.3 MPa");
});
