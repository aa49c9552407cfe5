import { promptFetch } from "#app/services.ts";

/** Nothing is rendered ahead, which spares the request the wrapper that would notice what it reads. */
export const dynamic = "force-dynamic";

/** The controller's path: a function of the request alone, which other servers can mount as well. */
export const GET = (request: Request) => promptFetch(request);
