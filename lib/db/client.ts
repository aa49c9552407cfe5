import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { type Prisma, PrismaClient } from "./generated/client.ts";

/** The process's door to Postgres; functions that open their own transaction take this. */
export type Database = PrismaClient;
/** A database or an open transaction in it: what functions take that write within somebody else's transaction. */
export type Executor = Prisma.TransactionClient;

export interface DatabaseOptions {
  /** postgres://user:password@host:port/name */
  url: string;
  /** Connections kept at most; callers above it wait. */
  poolMax?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Told of connections that broke while idle; the pool replaces them by itself. */
  onConnectionLost?: (error: Error) => void;
}

export interface DatabaseHandle {
  db: Database;
  close(): Promise<void>;
}

/** Makes a client with its own pool; nothing connects before the first query. The caller closes it. */
export function createDatabase(options: DatabaseOptions): DatabaseHandle {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolMax ?? 10,
    connectionTimeoutMillis: 30_000,
    application_name: options.applicationName ?? "genepool",
  });
  // Without listeners a connection that breaks while idle, or while the pool lets it go, would end the process.
  const lost = options.onConnectionLost ?? (() => undefined);
  pool.on("connect", (client) => client.on("error", lost));
  pool.on("error", () => undefined);
  const adapter = new PrismaPg(pool);
  const db = new PrismaClient({
    adapter,
    // A burst of approvals or workers queues for a connection instead of failing.
    transactionOptions: { maxWait: 30_000, timeout: 30_000 },
  });
  return {
    db,
    close: async () => {
      await db.$disconnect();
      await pool.end();
    },
  };
}
