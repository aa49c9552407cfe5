import { AppError } from "../errors.ts";

/**
 * Refuses a change that a page of another site asks for with our user's cookie: the session cookie is Lax, which a
 * sibling subdomain passes. Browsers name the site they come from; who names none is no browser and has no cookie of ours.
 * `alsoFrom` is one other origin whose pages may. Throws AppError("forbidden").
 */
export function requireSameOrigin(request: Request, alsoFrom: string | null = null): void {
  const fetchSite = request.headers.get("sec-fetch-site");
  if (fetchSite === "same-origin") return;
  const origin = request.headers.get("origin");
  if (origin !== null && origin === alsoFrom) return;
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host");
  if (
    fetchSite === null &&
    origin !== null &&
    URL.canParse(origin) &&
    new URL(origin).host === host
  )
    return;
  throw new AppError("forbidden", "Changes are taken from pages of this site only.");
}

/** A form of another site can send text, never JSON by its media type. Throws AppError("invalid"). */
export function requireJsonContent(request: Request): void {
  const type = request.headers.get("content-type") ?? "";
  if (/^application\/json\s*(;|$)/i.test(type)) return;
  throw new AppError("invalid", "Send the body as application/json.");
}
