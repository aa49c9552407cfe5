/**
 * Prisma's own schema engine (its WebAssembly build) over the pg driver: applies, inspects and compares migrations with
 * the genuine bookkeeping table, without a native binary to download. Three things the stock parts lack are mended
 * here: see docs/decisions/0003-migrations-without-a-native-engine.md.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import * as glue from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

/** The calls of the engine that are used; shapes as in Prisma's schema engine protocol. */
export interface SchemaEngine {
  applyMigrations(input: unknown): Promise<{ appliedMigrationNames: string[] }>;
  diagnoseMigrationHistory(input: unknown): Promise<MigrationDiagnosis>;
  diff(input: unknown): Promise<{ exitCode: number; stdout: string | null }>;
}

export interface MigrationDiagnosis {
  /** Null when database and folder agree. */
  history: {
    diagnostic: string;
    unappliedMigrationNames?: string[];
    unpersistedMigrationNames?: string[];
  } | null;
  failedMigrationNames: string[];
  editedMigrationNames: string[];
  hasMigrationsTable: boolean;
}

const charOid = 18;
const textOid = 25;

/** A pool whose results pass the adapter: it rejects Postgres' "char" type, which introspection reads (fix 1). */
class IntrospectionPool extends pg.Pool {
  readonly charColumns = new Set<string>();
}

let loaded: Promise<void> | null = null;

/** Loads the module once: a second instance in one process breaks the first. */
function loadModule(): Promise<void> {
  loaded ??= (async () => {
    const registry = { message: "", set_message: (text: string) => (registry.message = text) };
    Reflect.set(globalThis, "PRISMA_WASM_PANIC_REGISTRY", registry);
    const entry = createRequire(import.meta.url).resolve(
      "@prisma/schema-engine-wasm/schema_engine_bg",
    );
    const bytes = await readFile(path.join(path.dirname(entry), "schema_engine_bg.wasm"));
    const { instance } = await WebAssembly.instantiate(bytes, {
      "./schema_engine_bg.js": withIdleTimers(glue),
    });
    Reflect.apply(glue.__wbg_set_wasm, glue, [instance.exports]);
    const start: unknown = instance.exports.__wbindgen_start;
    if (typeof start === "function") start();
  })();
  return loaded;
}

/** The engine never takes back the timer of its lock, which would hold every process of ours for 10 s after its work. */
function withIdleTimers(imports: object): WebAssembly.ModuleImports {
  return Object.fromEntries(
    Object.entries(imports).map(([name, call]) => [
      name,
      name.startsWith("__wbg_setTimeout")
        ? (...args: unknown[]) => {
            const timer: unknown = Reflect.apply(call, null, args);
            if (timer instanceof Object && "unref" in timer && typeof timer.unref === "function")
              timer.unref();
            return timer;
          }
        : call,
    ]),
  );
}

export interface OpenSchemaEngine {
  engine: SchemaEngine;
  /** What the database said when a script failed: the engine's own error does not repeat it. */
  scriptError(): Error | null;
  close(): Promise<void>;
}

/** Opens the engine on one database; the caller closes it. One engine at a time: it holds an advisory lock. */
export async function openSchemaEngine(url: string, schema: string): Promise<OpenSchemaEngine> {
  await loadModule();
  // One connection: the engine's advisory lock belongs to a session.
  const pool = new IntrospectionPool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: 15_000,
  });
  const inner = new PrismaPg(mended(pool));
  let scriptError: Error | null = null;
  const connect = async () => {
    const queryable = await inner.connect();
    const queryRaw = queryable.queryRaw.bind(queryable);
    queryable.queryRaw = async (query) => {
      pool.charColumns.clear();
      const result = await queryRaw(query);
      const columnTypes = result.columnTypes.map((type, i) =>
        pool.charColumns.has(result.columnNames[i] ?? "") ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    };
    // Fix 2: the stock one splits at every semicolon, which breaks function bodies and is not atomic.
    queryable.executeScript = async (script) => {
      try {
        await pool.query(script);
      } catch (error) {
        scriptError = error instanceof Error ? error : new Error(String(error));
        throw error;
      }
    };
    return queryable;
  };
  const factory = {
    adapterName: inner.adapterName,
    provider: "postgres" as const,
    connect,
    connectToShadowDb: connect,
  };
  const engine: SchemaEngine = await glue.SchemaEngine.new(
    { datamodels: [["schema.prisma", schema]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  return { engine, scriptError: () => scriptError, close: () => pool.end() };
}

function mended(pool: IntrospectionPool): IntrospectionPool {
  const query = pool.query.bind(pool);
  const patched = async (...args: unknown[]) => {
    const results: unknown = await Reflect.apply(query, pool, args);
    for (const result of [results].flat()) markCharColumns(result, pool.charColumns);
    return results;
  };
  return Object.assign(pool, { query: patched });
}

function markCharColumns(result: unknown, names: Set<string>): void {
  if (
    typeof result !== "object" ||
    result === null ||
    !("fields" in result) ||
    !Array.isArray(result.fields)
  )
    return;
  for (const field of result.fields) {
    if (field?.dataTypeID !== charOid) continue;
    field.dataTypeID = textOid;
    names.add(String(field.name));
  }
}
