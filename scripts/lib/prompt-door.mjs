// Answers the controller's path before Next sees it: the function of a web Request that Next's own handler mounts as well
// (lib/http/prompt-fetch.ts), without what a framework does for pages. docs/decisions/0011 says why.

const path = /^\/api\/v1\/agents\/[^/?#]+\/prompt(?:\?|$)/;
/** Where instrumentation.ts leaves the function for this process. */
const mounted = Symbol.for("genepool.prompt-fetch");

/**
 * @returns {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => boolean} true
 *   when the request is answered here
 */
export function promptDoor() {
  return (request, response) => {
    const promptFetch = globalThis[mounted];
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (promptFetch === undefined || !isRead || !path.test(request.url ?? "")) return false;
    const asked = webRequest(request);
    if (asked === null) return false;
    promptFetch(asked)
      .then((answer) => send(answer, request, response))
      .catch((error) => {
        console.error(error);
        response.destroy();
      });
    return true;
  };
}

/** Null for what is no address or holds headers that a web Request refuses: Next answers those. */
function webRequest({ url, headers }) {
  try {
    return new Request(`http://${headers.host ?? "localhost"}${url}`, { headers });
  } catch {
    return null;
  }
}

async function send(answer, request, response) {
  const body = Buffer.from(await answer.arrayBuffer());
  const headers = Object.fromEntries(answer.headers);
  headers["x-content-type-options"] = "nosniff";
  // A 304 has no body and must not name the length of none (RFC 9110, 8.6).
  if (answer.status !== 304) headers["content-length"] = String(body.byteLength);
  response.writeHead(answer.status, headers);
  response.end(request.method === "HEAD" ? undefined : body);
}
