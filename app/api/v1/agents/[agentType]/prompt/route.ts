import { promptFetch } from "#app/services.ts";

/** The controller's path: a function of the request alone, which other servers can mount as well. */
export const GET = (request: Request) => promptFetch(request);
