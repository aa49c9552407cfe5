import { encode } from "next-auth/jwt";
import { sessionCookieName } from "#lib/auth/session.ts";
import { createDatabase, type Database } from "#lib/db/client.ts";
import { closeDatabase } from "#lib/db/instance.ts";
import { createUser } from "#lib/users/users.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, unknown>> },
) => Promise<Response>;

export interface ApiCaller {
  db: Database;
  /** One request of an administrator's own pages to a route handler. */
  ask(handler: Handler, params: Record<string, unknown>, init?: AskInit): Promise<Response>;
  close(): Promise<void>;
}

export interface AskInit {
  method?: string;
  /** Appended to the address, with its question mark. */
  search?: string;
  body?: unknown;
  ifMatch?: string;
}

const secret = "0123456789abcdef0123456789abcdef";

/** Route handlers over a database of their own or the one given, called as the administrator `ada`. */
export async function startApi(given?: TestDatabase): Promise<ApiCaller> {
  const testDatabase = given ?? (await createTestDatabase());
  process.env.DATABASE_URL = testDatabase.url;
  process.env.NEXTAUTH_SECRET = secret;
  process.env.GENEPOOL_LOG_LEVEL = "silent";
  const { db, close } = createDatabase({ url: testDatabase.url, poolMax: 4 });
  const { user } = await createUser(db, { name: "ada", role: "admin" }, "test");
  const token = await encode({ token: { sub: user.id, sessionVersion: 0 }, secret });
  const cookie = `${sessionCookieName({ secret, secure: false })}=${token}`;
  return {
    db,
    ask: (handler, params, { method = "GET", search = "", body, ifMatch } = {}) =>
      handler(
        new Request(`http://genepool.test/api/v1/thing${search}`, {
          method,
          headers: {
            host: "genepool.test",
            cookie,
            "sec-fetch-site": "same-origin",
            "content-type": "application/json",
            ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
        { params: Promise.resolve(params) },
      ),
    close: async () => {
      await closeDatabase();
      await close();
      await testDatabase.drop();
    },
  };
}
