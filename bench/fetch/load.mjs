// A load generator in a process of its own: node load.mjs '{"url":…,"headers":…,"status":…,"connections":…,"ms":…}'. Each
// connection sends its next request when the last one is answered. Prints how long each took, in microseconds, as JSON.
import { Agent, get } from "node:http";

const { url, headers, status, connections, ms } = JSON.parse(process.argv[2] ?? "{}");
const began = performance.now();
const until = began + ms;
const latencies = [];

async function runConnection() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (performance.now() < until) {
    const sentAt = performance.now();
    const answered = await answerOf(agent);
    if (answered !== status) throw new Error(`${url} answered ${answered} instead of ${status}.`);
    latencies.push(Math.round((performance.now() - sentAt) * 1_000));
  }
  agent.destroy();
}

function answerOf(agent) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, (response) => {
      response.on("data", () => undefined);
      response.on("end", () => resolve(response.statusCode));
      response.on("error", reject);
    });
    request.on("error", reject);
  });
}

await Promise.all(Array.from({ length: connections }, runConnection));
process.stdout.write(JSON.stringify({ ms: performance.now() - began, latencies }));
