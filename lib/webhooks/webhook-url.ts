import { isIP } from "node:net";
import { AppError } from "../errors.ts";
import { isPrivateAddress } from "./private-address.ts";

const urlLengthMax = 2_000;

/**
 * The address of a webhook as it is kept. Throws AppError("invalid") for what is no http or https address, has
 * credentials in it, or names a private address while those are refused. What a name resolves to is checked with each
 * delivery.
 */
export function parseWebhookUrl(text: string, { allowPrivate }: { allowPrivate: boolean }): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (text.length > urlLengthMax || url === null || !/^https?:$/.test(url.protocol))
    throw refused(`is no http or https address of at most ${urlLengthMax} characters`);
  if (url.username !== "" || url.password !== "")
    throw refused("holds credentials; deliveries are signed instead");
  if (url.hash !== "") throw refused("has a fragment, which is never sent");
  const host = hostOf(url);
  // URL has brought 127.1, 2130706433 and 0x7f.1 into the form that is compared here.
  const isLocal = isIP(host) === 0 ? /(^|\.)localhost\.?$/.test(host) : isPrivateAddress(host);
  if (isLocal && !allowPrivate)
    throw refused("is a private address; GENEPOOL_WEBHOOKS_ALLOW_PRIVATE=on allows these");
  return url.href;
}

/** The name or address to connect to, without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function refused(reason: string): AppError {
  return new AppError("invalid", `The url of the webhook ${reason}.`);
}
