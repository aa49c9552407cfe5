import { expect, test } from "vitest";
import { calculate } from "./calculator.ts";

test("math works only after its import, with Python's message otherwise", () => {
  expect(calculate("import math\nr = 2\nmath.pi * r ** 2")).toEqual({ result: Math.PI * 4 });
  expect(calculate("math.sqrt(4)")).toEqual({ error: "NameError: name 'math' is not defined" });
  expect(calculate("import math; math.sqrt(4)")).toEqual({ result: 2 });
});

test.each([
  ["2 ** 3 ** 2", 512],
  ["-2 ** 2", -4],
  ["2 ** -1", 0.5],
  ["7 // 2 + 7 % 4", 6],
  ["-7 // 2", -4],
  ["-7 % 4", 1],
  ["2 + 3 * (4 - 1)", 11],
  ["1e3 / .5", 2000],
  ["a = 2\nb = a * 3\nb - a", 4],
  ["+3 - +1", 2],
  ["max(1, 2, 3) - abs(-1)  # spare", 2],
  ["import math\nmath.log(8, 2)", 3],
  ["import math\nmath.hypot(3, 4)", 5],
])("%s counts as in Python", (code, result) => {
  expect(calculate(code)).toEqual({ result });
});

test.each([
  ["1 / 0", "ZeroDivisionError: division by zero"],
  ["x + 1", "NameError: name 'x' is not defined"],
  ["constructor", "NameError: name 'constructor' is not defined"],
  [
    "import math\nmath.constructor(1)",
    "AttributeError: module 'math' has no attribute 'constructor'",
  ],
  ["import math\nmath.sqrt(-1)", "ValueError: math domain error"],
  ["import math\nmath.log(0)", "ValueError: math domain error"],
  ["import math\nmath.exp(1000)", "OverflowError: math range error"],
  ["(-8) ** (1 / 3)", "ValueError: math domain error"],
  ["import math\nmath.sqrt(4, 2)", "TypeError: sqrt() takes 1 arguments"],
  ["10.0 ** 400", "OverflowError: math range error"],
  ["import os", "ImportError: only math can be imported"],
])("%s fails as %s", (code, error) => {
  expect(calculate(code)).toEqual({ error });
});

test.each([[""], ["1 +"], ["(1"], ["1 2"], ["__import__('os')"], ["2 $ 3"], ["1.2.3"], ["= 4"]])(
  "%j is refused",
  (code) => {
    expect(calculate(code)).toHaveProperty("error");
  },
);

test("code is bounded in length, depth and steps", () => {
  expect(calculate("(".repeat(1500))).toHaveProperty("error");
  expect(calculate("-".repeat(1900))).toHaveProperty("error");
  expect(calculate("1+".repeat(1500))).toEqual({ error: "ValueError: at most 2000 characters" });
});
