import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Grading, gradeAnswer } from "../harness/graders.ts";
import { parseCommandList } from "./command-list.ts";
import { graderCommands } from "./commands.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "grader-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Grades by a program of these lines of JavaScript; `read` is what it got. */
function gradedBy(
  script: string,
  limits: Record<string, unknown> = {},
  signal?: AbortSignal,
): Promise<Grading> {
  const program = `const read = JSON.parse(require("fs").readFileSync(0, "utf8")); ${script}`;
  const entry = {
    name: "own",
    version: "1",
    argv: [process.execPath, "-e", program],
    memoryMb: null,
  };
  const file = JSON.stringify({ commands: [{ ...entry, timeoutSeconds: 20, ...limits }] });
  const commands = graderCommands(parseCommandList(file), (name) =>
    name === "TOLD" ? "told" : process.env[name],
  );
  return gradeAnswer(
    "the answer",
    {
      input: "the task",
      expected: "the expected",
      labels: null,
      grader: { kind: "command", command: "own@1", threshold: 0.6 },
    },
    { commands, ...(signal && { signal }) },
  );
}

const says = (text: string) => `process.stdout.write(${JSON.stringify(text)});`;

test("a program sees task, expected answer and answer, and its score and reason count", async () => {
  const right = await gradedBy(
    `const { contract, input, expected, answer } = read;
     const all = [contract, input, expected, answer].join("|");
     process.stdout.write(JSON.stringify({ score: all === "1|the task|the expected|the answer" ? 0.7 : 0, reason: "seen" }));`,
  );
  expect(right).toMatchObject({ score: 0.7, outcome: "success", grades: [{ reason: "seen" }] });
  const low = await gradedBy(says('{"score": 0.5, "reason": "half of the tests"}'));
  expect(low).toMatchObject({ score: 0.5, outcome: "failure" });
  expect(low.failure).toMatchObject({ errorClass: "wrong-answer", message: "half of the tests" });
});

test.each([
  ["a missing score", says("{}"), "score from 0 to 1 is missing"],
  ["NaN", says('{"score": NaN}'), "wrote no JSON"],
  ["a score above 1", says('{"score": 2}'), "answered badly"],
  ["a score that is text", says('{"score": "1"}'), "answered badly"],
  ["text that is no JSON", says("fine, I think"), "wrote no JSON"],
  ["nothing", "", "wrote no JSON"],
  [
    "an end with a status",
    `console.error("broken: no compiler"); process.exit(3);`,
    "status 3: broken: no compiler",
  ],
  [
    "an end by a signal",
    `process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1000);`,
    "SIGSEGV",
  ],
])("%s is a failed grading with its reason", async (_, script, reason) => {
  const { score, failure } = await gradedBy(script);
  expect(score).toBe(0);
  expect(failure?.errorClass).toBe("grader-error");
  expect(failure?.message).toContain(reason);
});

test("too much output is not waited for", async () => {
  const endless = `const more = () => process.stdout.write("x".repeat(65536), more); more();`;
  const { failure } = await gradedBy(endless, { outputBytesMax: 100_000 });
  expect(failure?.message).toContain("more than 100000 bytes");
});

test("a program that takes too long is killed with all that it started", async () => {
  const pidFile = path.join(folder, "pid");
  const began = performance.now();
  const { failure } = await gradedBy(
    `const child = require("child_process").spawn("sleep", ["600"], { stdio: "inherit" });
     require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
     setInterval(() => {}, 1000);`,
    { timeoutSeconds: 2 },
  );
  expect(failure?.signature).toBe("grader-error/command time");
  expect(performance.now() - began).toBeLessThan(10_000);
  await expect.poll(() => isRunning(Number(readFileSync(pidFile, "utf8")))).toBe(false);
});

test("a program that leaves a child holding its output is judged soon by what it wrote", async () => {
  const { failure } = await gradedBy(
    `require("child_process").spawn("sleep", ["600"], { stdio: "inherit" }).unref(); process.exit(0);`,
    { timeoutSeconds: 20 },
  );
  expect(failure?.signature).toBe("grader-error/command not-json");
});

test("a program that takes more memory than it may breaks off", async () => {
  const shell = {
    argv: [
      "/bin/sh",
      "-c",
      "cat > /dev/null; head -c 400000000 /dev/zero | tail > /dev/null && echo '{\"score\":1}'",
    ],
    memoryMb: 64,
  };
  const { failure } = await gradedBy("", shell);
  expect(failure?.errorClass).toBe("grader-error");
});

test("a program is given the variables that its entry names and no others", async () => {
  const script = `process.stdout.write(JSON.stringify({ score: 1, reason: Object.keys(process.env).sort().join() }));`;
  const { grades } = await gradedBy(script, { env: ["TOLD"] });
  expect(grades[0]?.reason?.replace(/__CF\w+,/g, "")).toBe("NODE_ENV,PATH,TOLD");
});

test("a program that is called off, does not exist or is not in the list fails and says so", async () => {
  const off = AbortSignal.timeout(300);
  expect((await gradedBy("setInterval(() => {}, 1000);", {}, off)).failure?.message).toContain(
    "called off",
  );
  const nowhere = await gradedBy("", { argv: ["/nowhere/at-all"] });
  expect(nowhere.failure?.signature).toBe("grader-error/command start");
  expect((await gradedBy("", { version: "2" })).failure?.message).toContain("no such command");
});

test("a list that cannot be used is refused with what is wrong", () => {
  const parse = (text: string) => () => parseCommandList(text);
  expect(parse("{")).toThrow("not JSON");
  expect(parse('{"commands":[{"name":"a","version":"1","argv":[]}]}')).toThrow("argv");
  const entry = { name: "a", version: "1", argv: ["true"] };
  expect(parse(JSON.stringify({ commands: [entry, entry] }))).toThrow("a@1 twice");
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    // No such process: it has ended.
    return false;
  }
}
