import { expect, test } from "vitest";
import { parseEnv } from "#lib/env.ts";
import { groupRoles, oidcSettings, roleOfGroups } from "./oidc.ts";

test("groups are mapped one by one, and their names may hold equals signs", () => {
  const roles = groupRoles("genepool-admins=admin, cn=eng=engineer,all staff=viewer");
  expect([...roles]).toEqual([
    ["genepool-admins", "admin"],
    ["cn=eng", "engineer"],
    ["all staff", "viewer"],
  ]);
});

test("a mapping that is cut off, unknown, empty or twofold is refused by name", () => {
  for (const bad of ["eng", "eng=", "=admin", "eng=root", "eng=viewer,", "eng=viewer,eng=admin"])
    expect(() => groupRoles(bad), bad).toThrow(/GENEPOOL_OIDC_ROLES/);
});

test("of several mapped groups the highest role counts, and of none there is none", () => {
  const roles = groupRoles("a=viewer,b=admin,c=engineer");
  expect(roleOfGroups(["c", "a"], roles)).toBe("engineer");
  expect(roleOfGroups(["a", "b", "c"], roles)).toBe("admin");
  expect(roleOfGroups(["d", "__proto__"], roles)).toBeNull();
  expect(roleOfGroups([], roles)).toBeNull();
});

test("an issuer alone is refused with what is missing beside it, and no issuer is no provider", () => {
  expect(oidcSettings(parseEnv({}))).toBeNull();
  const partial = { GENEPOOL_OIDC_ISSUER: "https://id.example", GENEPOOL_OIDC_CLIENT_ID: "x" };
  expect(() => oidcSettings(parseEnv(partial))).toThrow(/GENEPOOL_OIDC_ROLES/);
  const whole = {
    ...partial,
    GENEPOOL_OIDC_CLIENT_SECRET: "y",
    GENEPOOL_OIDC_ROLES: "eng=engineer",
  };
  expect(oidcSettings(parseEnv(whole))).toMatchObject({
    issuer: "https://id.example",
    groupsClaim: "groups",
    name: "Single sign-on",
  });
});
