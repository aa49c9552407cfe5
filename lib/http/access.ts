import { type ApiKey, type ApiScope, holdsScope, isAllowed } from "#lib/keys/api-keys.ts";
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

/** Throws AppError("unauthenticated") without a principal, AppError("forbidden") for one that may not. */
export function requireAccess(principal: Principal | null, access: Access): Principal {
  if (principal === null)
    throw new AppError("unauthenticated", "Sign in, or send an API key as a bearer token.");
  const { role, scope } = access;
  if (principal.kind === "user") {
    if (hasRole(principal.user, role)) return principal;
    throw new AppError("forbidden", `This needs the role "${role}".`, { details: { role } });
  }
  if (scope !== undefined && holdsScope(principal.apiKey, scope)) return principal;
  throw new AppError("forbidden", "This API key may not do this.", {
    details: scope === undefined ? {} : { scope },
  });
}

/**
 * Throws AppError("forbidden") for a key of certain agent types when the request is about others. An empty list stands
 * for a request that is about no agent type in particular, and so about more than the key may see.
 */
export function requireAgentTypes(
  principal: Principal,
  access: Access,
  agentTypes: readonly string[],
): void {
  if (principal.kind === "user" || access.scope === undefined) return;
  const { apiKey } = principal;
  const about = agentTypes.length === 0 ? [null] : agentTypes;
  for (const agentType of about) {
    if (isAllowed(apiKey, access.scope, agentType)) continue;
    throw new AppError("forbidden", "This API key is for other agent types.", {
      details: { agentTypes: apiKey.agentTypes },
    });
  }
}
