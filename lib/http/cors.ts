/** Lets the pages of one other origin, and no other, call an address and read its answers. */

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, unknown> | undefined> },
) => Promise<Response>;

/** The handler with the headers that `origin` needs to read what it answers. */
export function allowOrigin(handler: Handler, origin: () => string | null): Handler {
  return async (request, context) => {
    const response = await handler(request, context);
    for (const [name, value] of headersFor(request, origin())) response.headers.set(name, value);
    return response;
  };
}

/** What a browser asks before it sends a body or a key. */
export function preflight(origin: () => string | null): (request: Request) => Response {
  return (request) => {
    const headers = headersFor(request, origin());
    if (headers.length > 1)
      headers.push(
        ["access-control-allow-methods", "POST"],
        ["access-control-allow-headers", "authorization, content-type, x-namespace"],
        ["access-control-max-age", "600"],
      );
    return new Response(null, { status: 204, headers });
  };
}

function headersFor(request: Request, origin: string | null): [string, string][] {
  const vary: [string, string] = ["vary", "origin"];
  if (origin === null || request.headers.get("origin") !== origin) return [vary];
  return [
    vary,
    ["access-control-allow-origin", origin],
    ["access-control-allow-credentials", "true"],
  ];
}
