import { Command } from "commander";
import { expect, test } from "vitest";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { addNumberOptions, numbersFrom, proofNumberPaths } from "./config-options.ts";

function parsed(args: readonly string[], only?: ReadonlySet<string>) {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addNumberOptions(command, only);
  command.parse(args, { from: "user" });
  return numbersFrom(command.opts());
}

test("an option takes whatever the domain takes, to the bound, and refuses what it refuses", () => {
  expect(parsed(["--offspring", "1"])).toMatchObject({ offspringSize: 1 });
  expect(() => parsed(["--offspring", "0"])).toThrow();
  expect(parsed(["--calls", "100000"])).toMatchObject({ calls: 100_000 });
  expect(() => parsed(["--calls", "39"])).toThrow();
  expect(() => parsed(["--finalists", "4"])).toThrow();
});

test("what nobody set stays open for the planner, and the rest are the domain's defaults", () => {
  const config = optimizationConfig.parse(parsed([]));
  expect(config).toEqual(optimizationConfig.parse({}));
  expect(config.experiment).toEqual({});
});

test("sizes go into the experiment's part of the configuration", () => {
  expect(parsed(["--proof-rows", "40", "--targets", "6"])).toMatchObject({
    experiment: { proofRows: 40, targets: 6 },
  });
});

test("a proof without a search has the options that it goes by, and no others", () => {
  expect(parsed(["--calls", "600"], proofNumberPaths)).toMatchObject({ calls: 600 });
  expect(() => parsed(["--generations", "3"], proofNumberPaths)).toThrow();
});
