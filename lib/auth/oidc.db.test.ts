import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDatabase, type Database, type DatabaseHandle } from "#lib/db/client.ts";
import { createLogger } from "#lib/log.ts";
import { changeUser } from "#lib/users/change-user.ts";
import { createUser, resetPassword, type User } from "#lib/users/users.ts";
import { verifyLogin } from "#lib/users/verify-login.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { type FakeIssuer, startFakeIssuer } from "#tests/fake-issuer.ts";
// What next-auth's handlers call; they themselves need a running Next.
import { AuthHandler } from "../../node_modules/next-auth/core/index.js";
import { authOptions } from "./auth-options.ts";
import { groupRoles } from "./oidc.ts";
import { readSession, type SessionSecurity } from "./session.ts";

const origin = "http://localhost:3000";
const security: SessionSecurity = { secret: "o".repeat(32), secure: false };
let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let db: Database;
let issuer: FakeIssuer;

beforeAll(async () => {
  process.env.NEXTAUTH_URL = origin;
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url, poolMax: 4 });
  db = handle.db;
  issuer = await startFakeIssuer();
});

afterAll(async () => {
  await issuer.close();
  await handle.close();
  await testDatabase.drop();
});

beforeEach(() => {
  issuer.forged = {};
  issuer.foreignKey = false;
});

/** A browser with its cookies, walking through the sign-in. */
function createBrowser() {
  const cookies = new Map<string, string>();
  const { url, clientId, clientSecret } = issuer;
  const options = authOptions({
    db,
    log: createLogger({ level: "silent", name: "test" }),
    security,
    oidc: {
      issuer: url,
      clientId,
      clientSecret,
      name: "Company",
      groupsClaim: "groups",
      roles: groupRoles("genepool-admins=admin, eng=engineer"),
    },
  });
  const send = async (method: string, path: string, body: Record<string, string> = {}) => {
    const { pathname, searchParams } = new URL(path, origin);
    const [action, providerId] = pathname.replace("/api/auth/", "").split("/");
    const answer = await AuthHandler({
      req: {
        method,
        // The handler knows its actions by name.
        action: action === "callback" || action === "signin" ? action : "csrf",
        ...(providerId === undefined ? {} : { providerId }),
        query: Object.fromEntries(searchParams),
        body,
        cookies: Object.fromEntries(cookies),
        headers: {},
      },
      options,
    });
    for (const { name, value } of answer.cookies ?? []) cookies.set(name, value);
    return answer;
  };
  /** The address that the browser is at after the sign-in. */
  const signIn = async (change: (callback: URL) => void = () => undefined): Promise<string> => {
    const { body } = await send("GET", "/api/auth/csrf");
    const csrfToken = typeof body === "object" && "csrfToken" in body ? String(body.csrfToken) : "";
    const start = await send("POST", "/api/auth/signin/oidc", { csrfToken, callbackUrl: origin });
    const granted = await fetch(start.redirect ?? "", { redirect: "manual" });
    const callback = new URL(granted.headers.get("location") ?? "");
    change(callback);
    return (await send("GET", callback.href)).redirect ?? "";
  };
  const user = (): Promise<User | null> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return readSession(db, new Headers({ cookie }), security);
  };
  return { signIn, user };
}

async function signInAs(person: Record<string, unknown>) {
  issuer.person = person;
  const browser = createBrowser();
  const at = await browser.signIn();
  return { at, user: await browser.user(), browser };
}

test("a person of a mapped group enters with the highest role of their groups and gets a row without a password", async () => {
  const { at, user } = await signInAs({
    sub: "1",
    preferred_username: "Zoë.Müller",
    name: "Zoë Müller",
    groups: ["eng", "genepool-admins", "others"],
  });
  expect(at).toBe(origin);
  expect(user).toMatchObject({
    name: "zoe.muller",
    displayName: "Zoë Müller",
    role: "admin",
    source: "oidc",
  });
  const row = await db.user.findUniqueOrThrow({ where: { name: "zoe.muller" } });
  expect(row.passwordHash).toBeNull();
  expect(row.externalId).toBe(`${issuer.url} 1`);
  const trail = await db.auditEvent.findMany({ where: { subject: "user:zoe.muller" } });
  expect(trail.map(({ action }) => action)).toEqual(["user.create", "user.login"]);
});

test("the role follows the groups at each sign-in, and who lost them all stays out and loses their sessions", async () => {
  const person = { sub: "2", preferred_username: "egon" };
  const first = await signInAs({ ...person, groups: ["eng"] });
  expect(first.user?.role).toBe("engineer");
  expect((await signInAs({ ...person, groups: "genepool-admins" })).user?.role).toBe("admin");
  expect((await first.browser.user())?.role).toBe("admin");
  const last = await signInAs({ ...person, groups: ["others"] });
  expect(last).toMatchObject({ at: "/sign-in?error=no-role", user: null });
  expect(await first.browser.user()).toBeNull();
});

test("no groups claim, or one of another form, gives no role and makes no row", async () => {
  for (const groups of [undefined, null, { eng: true }, [1]]) {
    const { at, user } = await signInAs({ sub: "3", preferred_username: "frida", groups });
    expect({ at, user }).toEqual({ at: "/sign-in?error=no-role", user: null });
  }
  expect(await db.user.findUnique({ where: { name: "frida" } })).toBeNull();
});

test("a disabled person stays out whatever their groups say", async () => {
  const person = { sub: "4", preferred_username: "hugo", groups: ["eng"] };
  const before = await signInAs(person);
  await changeUser(db, "hugo", { disabled: true }, { actor: "test" });
  expect(await before.browser.user()).toBeNull();
  expect(await signInAs(person)).toMatchObject({ at: "/sign-in?error=disabled", user: null });
});

test("a name or mail address of somebody else does not make their account mine", async () => {
  await createUser(db, { name: "ines", role: "admin" }, "test");
  const stranger = { groups: ["eng"], preferred_username: "ines", email: "ines@example.org" };
  expect(await signInAs({ ...stranger, sub: "5" })).toMatchObject({
    at: "/sign-in?error=name-taken",
    user: null,
  });
  await signInAs({ sub: "6", preferred_username: "jan", groups: ["eng"] });
  const other = await signInAs({ sub: "7", preferred_username: "jan", groups: ["eng"] });
  expect(other.at).toBe("/sign-in?error=name-taken");
});

test("a person of the provider has no password here, and their role is not ours to change", async () => {
  await signInAs({ sub: "8", preferred_username: "kira", groups: ["eng"] });
  expect(await verifyLogin(db, { name: "kira", password: "" })).toEqual({
    ok: false,
    reason: "refused",
  });
  await expect(resetPassword(db, "kira", "test")).rejects.toMatchObject({ code: "conflict" });
  const change = changeUser(db, "kira", { role: "admin" }, { actor: "test" });
  await expect(change).rejects.toMatchObject({ details: { reason: "role-from-groups" } });
});

test("an ID token with a wrong signature, issuer, audience, nonce or age signs nobody in", async () => {
  const person = { sub: "9", preferred_username: "lars", groups: ["eng"] };
  const forgeries = [
    { iss: "https://elsewhere.example" },
    { aud: "another-client" },
    { nonce: "replayed" },
    { exp: Math.floor(Date.now() / 1_000) - 60 },
  ];
  for (const forged of forgeries) {
    issuer.forged = forged;
    const { at, user } = await signInAs(person);
    expect(at, JSON.stringify(forged)).toContain("error=OAuthCallback");
    expect(user).toBeNull();
  }
  issuer.forged = {};
  issuer.foreignKey = true;
  expect((await signInAs(person)).user).toBeNull();
  expect(await db.user.findUnique({ where: { name: "lars" } })).toBeNull();
});

test("an answer with another state, or one that another browser began, signs nobody in", async () => {
  issuer.person = { sub: "10", preferred_username: "mona", groups: ["eng"] };
  const browser = createBrowser();
  await browser.signIn((callback) => callback.searchParams.set("state", "another"));
  expect(await browser.user()).toBeNull();
  const victim = createBrowser();
  let begun = "";
  await createBrowser().signIn((callback) => {
    begun = callback.search;
    callback.searchParams.delete("code");
  });
  await victim.signIn((callback) => {
    callback.search = begun;
  });
  expect(await victim.user()).toBeNull();
});
