// Who asks, seen from this process. X-Forwarded-For is a list that every proxy adds to and every client can begin: only
// the entries that one's own proxies wrote say anything.

/**
 * Replaces the request's X-Forwarded-For by the one address that is known: the socket's, or behind `proxies` proxies of
 * one's own the entry that the first of them wrote.
 *
 * @param {import("node:http").IncomingMessage} request
 * @param {number} proxies how many proxies stand in front, each adding the address it sees
 */
export function setClientAddress(request, proxies) {
  const given = proxies === 0 ? "" : (request.headers["x-forwarded-for"] ?? "");
  const claimed = given.split(",").map((entry) => entry.trim());
  const seen = [
    ...claimed.filter((entry) => entry !== ""),
    request.socket.remoteAddress ?? "unknown",
  ];
  request.headers["x-forwarded-for"] = seen[Math.max(0, seen.length - 1 - proxies)];
}
