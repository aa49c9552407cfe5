import { type ApiKey, type ApiScope, isAllowed } from "#lib/keys/api-keys.ts";
import { type User, type UserRole, userRoles } from "#lib/users/users.ts";
import { AppError } from "../errors.ts";

/** Who asks: a person with a session, or a program with a key. */
export type Principal = { kind: "user"; user: User } | { kind: "key"; apiKey: ApiKey };

/** Who may: people from `role` on, and keys that hold `scope`; without a scope, no key at all. */
export interface Access {
  role: UserRole;
  scope?: ApiScope;
}

/** How a principal stands in ledgers and logs. */
export function actorOf(principal: Principal): string {
  return principal.kind === "user" ? principal.user.name : `key:${principal.apiKey.prefix}`;
}

export function hasRole(user: Pick<User, "role">, role: UserRole): boolean {
  return userRoles.indexOf(user.role) >= userRoles.indexOf(role);
}

/**
 * Throws AppError("unauthenticated") without a principal, AppError("forbidden") for one that may not. `agentType` is
 * what the request is about, or null when it is about more than one agent type.
 */
export function requireAccess(
  principal: Principal | null,
  access: Access,
  agentType: string | null,
): Principal {
  if (principal === null)
    throw new AppError("unauthenticated", "Sign in, or send an API key as a bearer token.");
  if (principal.kind === "user") {
    if (hasRole(principal.user, access.role)) return principal;
    throw new AppError("forbidden", `This needs the role "${access.role}".`, {
      details: { role: access.role },
    });
  }
  if (access.scope !== undefined && isAllowed(principal.apiKey, access.scope, agentType))
    return principal;
  throw new AppError("forbidden", "This API key may not do this.", {
    details: access.scope === undefined ? {} : { scope: access.scope },
  });
}
