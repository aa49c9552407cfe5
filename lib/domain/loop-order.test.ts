import { expect, test } from "vitest";
import { cronText, loopOrderRequest } from "./loop-order.ts";

test("times are taken as cron writes them", () => {
  for (const text of ["0 3 * * *", "*/15 8-17 * * MON-FRI", "0 0 1,15 jan,jul 7", "5-50/5 * * * *"])
    expect(cronText.safeParse(text).success, text).toBe(true);
});

test("times that no clock shows are refused before they are sent anywhere", () => {
  const wrong = ["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *"];
  for (const text of [...wrong, "* * * * x", "5-2 * * * *", "*/0 * * * *", "*-3 * * * *", "@daily"])
    expect(cronText.safeParse(text).success, text).toBe(false);
});

test("a schedule needs its times, and no other order has any", () => {
  const ok = (order: unknown) => loopOrderRequest.safeParse(order).success;
  expect(ok({ kind: "schedule", cron: "0 3 * * *" })).toBe(true);
  expect(ok({ kind: "pause" })).toBe(true);
  expect(ok({ kind: "schedule" })).toBe(false);
  expect(ok({ kind: "pause", cron: "0 3 * * *" })).toBe(false);
});
