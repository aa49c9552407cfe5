// The web process: Next's own request handler behind two doors. One serves the controller's path, which need not pass
// through a framework; the other knows the API's addresses and methods: Next answers methods it does not know without
// Allow, TRACE with a 500, and unknown addresses of the API with a page for people.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import next from "next";
import { apiDoor } from "./lib/api-door.mjs";
import { setClientAddress } from "./lib/forwarded-for.mjs";
import { promptDoor } from "./lib/prompt-door.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const [port = "3000", hostname = "127.0.0.1"] = process.argv.slice(2);
const drainMs = 5_000;

const document = JSON.parse(readFileSync(path.join(root, "docs/openapi.json"), "utf8"));
const refuse = apiDoor(document.paths);
const servePrompt = promptDoor();
const proxies = Number(process.env.GENEPOOL_TRUSTED_PROXIES || 0);
const app = next({ dev: false, dir: root, hostname, port: Number(port) });
const handle = app.getRequestHandler();
await app.prepare();
const server = createServer((request, response) => {
  setClientAddress(request, proxies);
  if (servePrompt(request, response) || refuse(request, response)) return;
  handle(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
server.requestTimeout = 60_000;
server.headersTimeout = 15_000;
server.listen(Number(port), hostname);
server.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});

let closing = false;
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    if (closing) return;
    closing = true;
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), drainMs).unref();
  });
}
