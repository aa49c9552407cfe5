import type { User as NextAuthUser } from "next-auth";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { z } from "zod";
import type { Database } from "#lib/db/client.ts";
import type { Env } from "#lib/env.ts";
import { type FederatedRefusal, signInFederated } from "#lib/users/federated-user.ts";
import { type UserRole, userRole, userRoles } from "#lib/users/users.ts";
import { AppError } from "../errors.ts";

/** An OpenID Connect provider, and what its groups may do here. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Text of the button. */
  name: string;
  /** The claim of the ID token that lists a person's groups. */
  groupsClaim: string;
  roles: ReadonlyMap<string, UserRole>;
}

export const oidcProviderId = "oidc";

/** The settings of these variables; null without an issuer. Throws AppError("invalid") that names what is missing. */
export function oidcSettings(env: Env): OidcSettings | null {
  const {
    GENEPOOL_OIDC_ISSUER: issuer,
    GENEPOOL_OIDC_CLIENT_ID: clientId,
    GENEPOOL_OIDC_CLIENT_SECRET: clientSecret,
    GENEPOOL_OIDC_ROLES: roles,
  } = env;
  if (issuer === undefined) return null;
  if (clientId === undefined || clientSecret === undefined || roles === undefined) {
    throw new AppError(
      "invalid",
      "GENEPOOL_OIDC_ISSUER needs GENEPOOL_OIDC_CLIENT_ID, GENEPOOL_OIDC_CLIENT_SECRET and GENEPOOL_OIDC_ROLES beside it.",
    );
  }
  return {
    issuer,
    clientId,
    clientSecret,
    name: env.GENEPOOL_OIDC_NAME,
    groupsClaim: env.GENEPOOL_OIDC_GROUPS_CLAIM,
    roles: groupRoles(roles),
  };
}

/** Reads `group=role` pairs with commas between them. Throws AppError("invalid"). */
export function groupRoles(text: string): ReadonlyMap<string, UserRole> {
  const roles = new Map<string, UserRole>();
  for (const pair of text.split(",")) {
    // A group's own name may hold an equals sign, as those of a directory do.
    const at = pair.lastIndexOf("=");
    const group = pair.slice(0, Math.max(at, 0)).trim();
    const role = userRole.safeParse(pair.slice(at + 1).trim());
    if (group === "" || !role.success || roles.has(group)) {
      throw new AppError(
        "invalid",
        `GENEPOOL_OIDC_ROLES: "${pair.trim()}" must be group=role, each group once, with a role of ${userRoles.join(", ")}.`,
      );
    }
    roles.set(group, role.data);
  }
  return roles;
}

/** The highest role that one of the groups has; null when none has any. */
export function roleOfGroups(
  groups: readonly string[],
  roles: ReadonlyMap<string, UserRole>,
): UserRole | null {
  const held = new Set(groups.map((group) => roles.get(group)));
  return userRoles.findLast((role) => held.has(role)) ?? null;
}

/** What the session callbacks learn of a sign-in at the provider. */
export interface OidcUser extends NextAuthUser {
  sessionVersion?: number;
  refusal?: FederatedRefusal;
}

const claimsOf = z.looseObject({
  iss: z.string().min(1),
  sub: z.string().min(1).max(255),
  preferred_username: z.string().optional(),
  email: z.string().optional(),
  name: z.string().optional(),
});
const groupList = z.union([z.array(z.string()), z.string().transform((group) => [group])]);

/**
 * Sign-in at the provider: authorization code with PKCE, state and nonce; the ID token says who it is. A row of ours is
 * found by issuer and subject alone, never by a mail address, which the person may be free to choose there.
 */
export function oidcProvider(db: Database, settings: OidcSettings): OAuthConfig<unknown> {
  const { issuer, clientId, clientSecret, name, groupsClaim, roles } = settings;
  return {
    id: oidcProviderId,
    name,
    type: "oauth",
    wellKnown: `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
    clientId,
    clientSecret,
    authorization: { params: { scope: "openid profile email" } },
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    httpOptions: { timeout: 10_000 },
    profile: async (profile): Promise<OidcUser> => {
      const claims = claimsOf.parse(profile);
      const groups = groupList.safeParse(claims[groupsClaim]);
      const signedIn = await signInFederated(db, {
        externalId: `${claims.iss} ${claims.sub}`,
        name: claims.preferred_username ?? claims.email ?? claims.sub,
        displayName: claims.name ?? null,
        role: groups.success ? roleOfGroups(groups.data, roles) : null,
      });
      if (!signedIn.ok) return { id: claims.sub, refusal: signedIn.reason };
      const { id, sessionVersion } = signedIn.user;
      return { id, sessionVersion };
    },
  };
}
