// Preloaded into child processes: when the supervisor dies, however it dies, its channel closes and they end too.
import { isMainThread } from "node:worker_threads";

if (isMainThread && process.channel) {
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
  // The channel alone must not keep a process alive that has nothing left to do.
  process.channel.unref();
}
