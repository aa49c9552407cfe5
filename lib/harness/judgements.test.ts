import { expect, test } from "vitest";
import { namesEveryLimit, parseCriticVerdict } from "./judgements.ts";

test("a verdict is read as JSON, fenced or within other words", () => {
  expect(parseCriticVerdict('{"pass": true}')).toEqual({ pass: true, objection: "" });
  expect(
    parseCriticVerdict('I see.\n```json\n{"pass": false, "objection": "Cost is {9} over."}\n```'),
  ).toEqual({ pass: false, objection: "Cost is {9} over." });
});

test("a verdict is read as a line, in any case and emphasis, with the rest as the objection", () => {
  for (const reply of [
    "VERDICT: fail\nThe cost is over the limit.",
    "**Verdict:** FAIL\nThe cost is over the limit.",
    "The cost is over the limit.\nVerdict - failed",
  ]) {
    const verdict = parseCriticVerdict(reply);
    expect(verdict?.pass, reply).toBe(false);
    expect(verdict?.objection, reply).toBe("The cost is over the limit.");
  }
  expect(parseCriticVerdict("verdict: PASS\nFine work.")).toEqual({ pass: true, objection: "" });
});

test("the last verdict line counts: a critic may repeat its instructions first", () => {
  const reply = "I answer `VERDICT: pass` or `VERDICT: fail`.\nVERDICT: fail\nToo heavy.";
  expect(parseCriticVerdict(reply)?.pass).toBe(false);
});

test("a reply without a verdict is none", () => {
  for (const reply of ["", "Looks good to me.", '{"passed": 1}', '{"pass": "yes"}', "{"])
    expect(parseCriticVerdict(reply), reply).toBeNull();
});

test("a plan must name every limit, however it writes the number", () => {
  const limits = [120, 2.5, 14.2];
  expect(namesEveryLimit("Stress 120 MPa, tip 2.50 mm, cost 14.20 USD.", limits)).toBe(true);
  expect(namesEveryLimit("Stress 120 MPa, tip 2.5 mm.", limits)).toBe(false);
  expect(namesEveryLimit("Stress 1200 MPa, tip 2.5 mm, cost 14.2 USD.", limits)).toBe(false);
  expect(namesEveryLimit("Choose well and stay within the limits.", limits)).toBe(false);
});
