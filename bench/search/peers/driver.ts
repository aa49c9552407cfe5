/** A library at work: one Python process that takes searches line by line and answers each with the prompt that it found. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import { z } from "zod";

const answerLine = z.union([
  z.object({ best: z.string(), note: z.string() }),
  z.object({ error: z.string() }),
]);
export type DriverAnswer = z.infer<typeof answerLine>;

export interface DriverJob {
  url: string;
  seed: number;
  budget: number;
  settings: Readonly<Record<string, string | number | boolean>>;
}

const searchSeconds = 900;
const stderrKept = 4_000;

export class Driver {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;
  private stderr = "";

  constructor(python: string, script: string) {
    const folder = path.join(import.meta.dirname, "drivers");
    this.child = spawn(python, [path.join(folder, script)], {
      // Random draws of the libraries may depend on the order of sets of texts.
      env: { ...process.env, PYTHONHASHSEED: "0", PYTHONWARNINGS: "ignore" },
    });
    this.reader = createInterface({ input: this.child.stdout });
    this.lines = this.reader[Symbol.asyncIterator]();
    this.child.stderr.on("data", (data: Buffer) => {
      this.stderr = `${this.stderr}${data.toString("utf8")}`.slice(-stderrKept);
    });
  }

  async search(job: DriverJob): Promise<DriverAnswer> {
    this.child.stdin.write(`${JSON.stringify(job)}\n`);
    const timer = setTimeout(() => this.child.kill(), searchSeconds * 1_000);
    const line = await this.lines.next();
    clearTimeout(timer);
    if (line.done === true) throw new Error(`the driver ended: ${this.stderr}`);
    const answer = answerLine.parse(JSON.parse(line.value));
    return "error" in answer ? { error: `${answer.error}\n${this.stderr}` } : answer;
  }

  stop(): void {
    this.reader.close();
    this.child.stdin.end();
    this.child.kill();
  }
}
