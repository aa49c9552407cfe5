// Run beside a test's server: when the test's process ends, however it ends, the server and its files go too.
import { rmSync } from "node:fs";

const [pid, folder] = process.argv.slice(2);
let server = Number(pid);

process.on("SIGINT", () => undefined);
process.stdin.on("data", (chunk) => {
  // Each line is the process to end: another one after a restart, 0 when there is none.
  const last = chunk.toString("utf8").trim().split("\n").at(-1);
  server = Number(last);
});
process.stdin.on("end", () => {
  if (server > 0) {
    try {
      process.kill(server, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }
  rmSync(folder, { recursive: true, force: true });
});
