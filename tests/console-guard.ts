/** Set-up file of every project: what a test prints as an error or a warning is a failure unless the test declares it. */
import { format } from "node:util";
import { afterAll, afterEach, beforeEach, expect, vi } from "vitest";

let allowed: RegExp[] = [];
let undeclared: string[] = [];

/** Declares, for the test that calls it, that errors and warnings matching `pattern` may be printed. */
export function allowConsole(pattern: RegExp): void {
  allowed.push(pattern);
}

function watch(method: "error" | "warn"): void {
  vi.spyOn(console, method).mockImplementation((...values: unknown[]) => {
    const text = format(...values);
    if (!allowed.some((pattern) => pattern.test(text))) {
      undeclared.push(`console.${method}: ${text}`);
    }
  });
}

function report(): void {
  const texts = undeclared;
  undeclared = [];
  expect(texts, "printed without allowConsole()").toEqual([]);
}

watch("error");
watch("warn");

// A test that restores all mocks takes the watchers away too.
beforeEach(() => {
  allowed = [];
  watch("error");
  watch("warn");
});

afterEach(report);
afterAll(report);
