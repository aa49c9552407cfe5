// Refuses what the API does not have: unknown addresses below /api/v1 and methods an address does not know.
import { randomUUID } from "node:crypto";

const prefix = "/api/v1/";

/**
 * @param {Record<string, Record<string, unknown>>} paths of the OpenAPI document
 * @returns {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => boolean}
 *   true when the request was refused and answered
 */
export function apiDoor(paths) {
  const known = Object.entries(paths).map(([template, operations]) => ({
    pattern: new RegExp(
      `^${template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+")}$`,
    ),
    methods: methodsOf(operations),
  }));
  return (request, response) => {
    const method = request.method ?? "GET";
    const [address = "/"] = (request.url ?? "/").split("?", 1);
    const isApi = address.startsWith(prefix);
    if (!isApi)
      return method === "TRACE" ? answer(response, 405, notAllowed(method, pages)) : false;
    const found = known.filter(({ pattern }) => pattern.test(address));
    if (found.length === 0) {
      const message = `There is no ${address} in this API. Its document is at /api/v1/openapi.json.`;
      return answer(response, 404, { code: "not-found", message });
    }
    const methods = [...new Set(found.flatMap((entry) => entry.methods))];
    return methods.includes(method) ? false : answer(response, 405, notAllowed(method, methods));
  };
}

const pages = ["GET", "HEAD", "OPTIONS"];

function methodsOf(operations) {
  const methods = Object.keys(operations)
    .map((name) => name.toUpperCase())
    .filter((name) => ["GET", "POST", "PUT", "PATCH", "DELETE"].includes(name));
  return [...(methods.includes("GET") ? ["HEAD"] : []), ...methods, "OPTIONS"].sort();
}

function notAllowed(method, methods) {
  const allow = methods.join(", ");
  return {
    code: "method-not-allowed",
    message: `${method} is not known here, but ${allow}.`,
    allow,
  };
}

function answer(response, status, { code, message, allow }) {
  const requestId = randomUUID();
  response.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
    ...(allow === undefined ? {} : { allow }),
  });
  response.end(JSON.stringify({ error: { code, message, requestId } }));
  return true;
}
