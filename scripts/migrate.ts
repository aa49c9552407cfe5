// tsx scripts/migrate.ts deploy|status|diff|drift — on DATABASE_URL (diff: on the EMPTY database SCRATCH_DATABASE_URL).
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  deployMigrations,
  migrationStatus,
  pendingSchemaChanges,
  schemaDrift,
} from "#lib/db/migrate/migrate.ts";
import { AppError } from "#lib/errors.ts";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");

async function main(command: string | undefined): Promise<number> {
  const url = (name: string) => {
    const value = process.env[name];
    if (value === undefined) throw new AppError("invalid", `Set ${name}.`);
    return value;
  };
  switch (command) {
    case "deploy": {
      const applied = await deployMigrations(url("DATABASE_URL"), root);
      console.log(
        applied.length === 0
          ? "Nothing to apply."
          : applied.map((name) => `applied ${name}`).join("\n"),
      );
      return 0;
    }
    case "status": {
      const status = await migrationStatus(url("DATABASE_URL"), root);
      console.log(JSON.stringify(status, null, 2));
      return status.pending.length + status.unknown.length + status.failed.length === 0 ? 0 : 1;
    }
    case "diff":
    case "drift": {
      const sql = await (command === "diff"
        ? pendingSchemaChanges(url("SCRATCH_DATABASE_URL"), root)
        : schemaDrift(url("DATABASE_URL"), root));
      console.log(sql === "" ? "No difference." : sql);
      return sql === "" ? 0 : 2;
    }
    default:
      throw new AppError("invalid", "usage: migrate deploy|status|diff|drift");
  }
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(`genepool: ${error.message}`);
  process.exitCode = 2;
}
