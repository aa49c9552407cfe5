import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/.next/**"];
const setupFiles = ["tests/console-guard.ts"];

export default defineConfig({
  test: {
    pool: "forks",
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...exclude, "**/*.db.test.ts", "**/*.temporal.test.ts"],
          setupFiles,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "db",
          include: ["**/*.db.test.ts"],
          exclude,
          setupFiles,
          globalSetup: ["tests/global-setup.ts"],
          // All files share one server, whose connections are bounded.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "temporal",
          include: ["**/*.temporal.test.ts"],
          exclude,
          setupFiles,
          globalSetup: ["tests/global-setup.ts", "tests/temporal-setup.ts"],
          // Their figures are times of recovery: two at once on two cores would measure each other.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["e2e/**/*.spec.ts"],
          exclude,
          globalSetup: ["tests/global-setup.ts"],
          // The journeys share one running product and two cores.
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
