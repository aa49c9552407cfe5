import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { AppError } from "../../errors.ts";
import {
  type MigrationDiagnosis,
  type OpenSchemaEngine,
  openSchemaEngine,
  type SchemaEngine,
} from "./engine.ts";

export interface MigrationStatus {
  applied: string[];
  /** In the folder, not in the database. */
  pending: string[];
  /** In the database, not in the folder: the schema is newer than this code. */
  unknown: string[];
  failed: string[];
  edited: string[];
}

/** Any number that nothing else in the database locks on. */
const deployLock = 7_036_553_077;
const lockTimeoutMs = 120_000;
const filters = { externalTables: [], externalEnums: [] };

/** Applies what is pending and answers its names. Of concurrent callers one works while the others wait. */
export function deployMigrations(url: string, root: string): Promise<string[]> {
  return oneAtATime(url, () => applyPending(url, root));
}

function applyPending(url: string, root: string): Promise<string[]> {
  return withEngine(url, root, async (engine, files, open) => {
    const status = statusOf(await diagnose(engine, files), files.names);
    refuseNewerSchema(status);
    if (status.failed.length > 0) {
      throw new AppError(
        "conflict",
        `The migration ${status.failed.join(", ")} failed before and must be mended by hand.`,
      );
    }
    try {
      const input = { migrationsList: files.list, filters };
      return (await engine.applyMigrations(input)).appliedMigrationNames;
    } catch (error) {
      const cause = open.scriptError();
      if (cause === null) throw error;
      const { failed } = statusOf(await diagnose(engine, files), files.names);
      throw new AppError(
        "conflict",
        `The migration ${failed.join(", ")} could not be applied, and nothing of it was kept: ${cause.message}`,
        { cause },
      );
    }
  });
}

/** The engine's own lock is too narrow: another deployment's migration, half way, would look like a failed one. */
async function oneAtATime<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 });
  try {
    await client.connect();
    await client.query(`SET lock_timeout = ${lockTimeoutMs}`);
    await client.query("SELECT pg_advisory_lock($1)", [deployLock]);
    return await work();
  } finally {
    // The lock belongs to the session and ends with it.
    await client.end();
  }
}

/** Compares the database's history with the folder. */
export async function migrationStatus(url: string, root: string): Promise<MigrationStatus> {
  return withEngine(url, root, async (engine, files) =>
    statusOf(await diagnose(engine, files), files.names),
  );
}

/** SQL from the migrations, replayed into the EMPTY database at `scratchUrl`, to schema.prisma; empty when equal. */
export async function pendingSchemaChanges(scratchUrl: string, root: string): Promise<string> {
  return withEngine(scratchUrl, root, async (engine, files) => {
    const from = { tag: "migrations", ...files.list };
    const { stdout, exitCode } = await engine.diff({
      from,
      to: datamodel(files.schema),
      script: true,
      exitCode: true,
      filters,
    });
    return exitCode === 0 ? "" : (stdout ?? "");
  });
}

/** SQL from the live database to schema.prisma; empty when equal. */
export async function schemaDrift(url: string, root: string): Promise<string> {
  return withEngine(url, root, async (engine, files) => {
    const from = {
      tag: "schemaDatasource",
      files: [{ path: "schema.prisma", content: files.schema }],
      configDir: ".",
    };
    const { stdout, exitCode } = await engine.diff({
      from,
      to: datamodel(files.schema),
      script: true,
      exitCode: true,
      filters,
    });
    return exitCode === 0 ? "" : (stdout ?? "");
  });
}

/** Throws AppError("conflict") when the database knows migrations that this code does not. */
export function refuseNewerSchema(status: MigrationStatus): void {
  if (status.unknown.length === 0) return;
  throw new AppError(
    "conflict",
    `The database's schema is newer than this code: it has ${status.unknown.join(", ")}. Update the code (git pull), or use another database.`,
    { details: { unknown: status.unknown } },
  );
}

interface MigrationFiles {
  schema: string;
  names: string[];
  list: Record<string, unknown>;
}

async function withEngine<T>(
  url: string,
  root: string,
  work: (engine: SchemaEngine, files: MigrationFiles, open: OpenSchemaEngine) => Promise<T>,
): Promise<T> {
  const files = await readFiles(root);
  const open = await openSchemaEngine(url, files.schema);
  try {
    return await work(open.engine, files, open);
  } finally {
    await open.close();
  }
}

async function readFiles(root: string): Promise<MigrationFiles> {
  const folder = path.join(root, "prisma/migrations");
  const schema = await readFile(path.join(root, "prisma/schema.prisma"), "utf8");
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const migrationDirectories = await Promise.all(
    names.map(async (name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: {
          tag: "ok",
          value: await readFile(path.join(folder, name, "migration.sql"), "utf8"),
        },
      },
    })),
  );
  const lock = await readFile(path.join(folder, "migration_lock.toml"), "utf8");
  const list = {
    baseDir: folder,
    shadowDbInitScript: "",
    lockfile: { path: "migration_lock.toml", content: lock },
    migrationDirectories,
  };
  return { schema, names, list };
}

function diagnose(engine: SchemaEngine, files: MigrationFiles): Promise<MigrationDiagnosis> {
  return engine.diagnoseMigrationHistory({
    migrationsList: files.list,
    optInToShadowDatabase: false,
    filters,
  });
}

function statusOf(diagnosis: MigrationDiagnosis, names: readonly string[]): MigrationStatus {
  const pending = diagnosis.history?.unappliedMigrationNames ?? [];
  return {
    applied: names.filter((name) => !pending.includes(name)),
    pending,
    unknown: diagnosis.history?.unpersistedMigrationNames ?? [],
    failed: diagnosis.failedMigrationNames,
    edited: diagnosis.editedMigrationNames,
  };
}

function datamodel(schema: string): unknown {
  return { tag: "schemaDatamodel", files: [{ path: "schema.prisma", content: schema }] };
}
