import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));
const hasPython =
  spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]).status === 0;

if (!hasPython) {
  process.stdout.write(
    "SKIPPED: the tests of clients/python need python3, 3.9 or newer, which is not here.\n",
  );
}

test.skipIf(!hasPython)(
  "the Python client passes its own suite and the conformance vectors",
  () => {
    const run = spawnSync("python3", ["-m", "unittest", "discover", "-s", "tests", "-t", "."], {
      cwd: folder,
      encoding: "utf8",
      timeout: 110_000,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    const [, count] = /^Ran (\d+) tests in /m.exec(run.stderr) ?? [];
    expect(run.stderr).toMatch(/^OK( \(skipped=\d+\))?$/m);
    expect(Number(count)).toBeGreaterThanOrEqual(50);
    expect(run.status).toBe(0);
  },
  120_000,
);
