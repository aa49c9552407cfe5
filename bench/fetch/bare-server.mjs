// The bare app behind the same kind of server as the product's: node bare-server.mjs <port>.
import { createServer } from "node:http";
import path from "node:path";
import next from "next";

const port = Number(process.argv[2]);
const dir = path.join(import.meta.dirname, "bare-app");
const app = next({ dev: false, dir, hostname: "127.0.0.1", port });
const handle = app.getRequestHandler();
await app.prepare();
createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
}).listen(port, "127.0.0.1");
