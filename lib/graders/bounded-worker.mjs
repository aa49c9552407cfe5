// Entry of a worker thread: worker threads start as plain JavaScript, so the TypeScript loader is registered here.
import { register } from "tsx/esm/api";

register();
const { listen } = await import("./bounded-worker.ts");
listen();
