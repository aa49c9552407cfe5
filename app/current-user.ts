import { headers } from "next/headers";
import { readSession } from "#lib/auth/session.ts";
import { database } from "#lib/db/instance.ts";
import type { User } from "#lib/users/users.ts";
import { sessionSecurity } from "./services.ts";

/** The user whom this page is rendered for; null when nobody is signed in. */
export async function currentUser(): Promise<User | null> {
  return readSession(database(), await headers(), sessionSecurity());
}
