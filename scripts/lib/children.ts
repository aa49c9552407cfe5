import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import path from "node:path";

export interface ChildSpec {
  name: string;
  /** Arguments of Node. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Receives what the child prints. */
  logFile: string;
}

const backoffMs = [500, 1_000, 2_000, 4_000, 8_000];
const calmMs = 60_000;

/** A child process that is started again when it dies, with growing pauses; after five deaths in a row it gives up. */
export class KeptChild {
  private child: ChildProcess | null = null;
  private stopping = false;
  private deaths = 0;
  private startedAt = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly spec: ChildSpec,
    private readonly report: { line: (text: string) => void; gaveUp: (name: string) => void },
  ) {}

  start(): void {
    mkdirSync(path.dirname(this.spec.logFile), { recursive: true });
    const log = createWriteStream(this.spec.logFile, { flags: "a" });
    this.startedAt = Date.now();
    const child = spawn(process.execPath, this.spec.args, {
      cwd: this.spec.cwd,
      env: this.spec.env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.on("exit", (code, signal) => {
      log.end();
      this.child = null;
      if (!this.stopping) this.revive(signal ?? `code ${code}`);
    });
    this.child = child;
  }

  get isRunning(): boolean {
    return this.child !== null;
  }

  /** Asks the child to end, and ends it after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    if (this.timer !== null) clearTimeout(this.timer);
    const child = this.child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const killer = setTimeout(() => child.kill("SIGKILL"), graceMs);
      child.once("exit", () => {
        clearTimeout(killer);
        resolve();
      });
      child.kill("SIGTERM");
    });
  }

  private revive(reason: string): void {
    if (Date.now() - this.startedAt > calmMs) this.deaths = 0;
    const pause = backoffMs[this.deaths];
    this.deaths += 1;
    if (pause === undefined) {
      this.report.line(
        `${this.spec.name} ended ${this.deaths} times in a row; its log: ${this.spec.logFile}`,
      );
      this.report.gaveUp(this.spec.name);
      return;
    }
    this.report.line(
      `${this.spec.name} ended (${reason}); starting it again in ${pause} ms. Its log: ${this.spec.logFile}`,
    );
    this.timer = setTimeout(() => this.start(), pause);
  }
}
