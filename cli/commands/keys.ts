import type { Command } from "commander";
import { AppError } from "#lib/errors.ts";
import { apiScopes, createApiKey, revokeApiKey } from "#lib/keys/api-keys.ts";
import { withDatabase } from "../database.ts";
import { printJson } from "../output.ts";

/** `genepool keys create|revoke`: keys for programs, shown once. */
export function addKeysCommand(program: Command): void {
  const keys = program.command("keys").description("keys for programs");
  keys
    .command("create <name>")
    .description(`a key; scopes: ${apiScopes.join(", ")}`)
    .requiredOption("--scope <scopes...>", "what the key may do")
    .option("--agent <types...>", "only for these agent types")
    .option("--expires <date>", "end of its validity, as 2027-01-31")
    .option("--json", "machine-readable output")
    .addHelpText(
      "after",
      "\nExample:\n  genepool keys create controller --scope prompts:read runs:write --agent engineer",
    )
    .action(create);
  keys
    .command("revoke <prefix>")
    .description("ends a key's validity at once; the prefix is the part between the underscores")
    .action(async (prefix: string) => {
      await withDatabase(async (db) => {
        await revokeApiKey(db, prefix, "command line");
        process.stdout.write(`The key ${prefix} is revoked.\n`);
      });
    });
}

async function create(
  name: string,
  options: { scope: string[]; agent?: string[]; expires?: string; json?: boolean },
): Promise<void> {
  const scopes = options.scope.map((scope) => {
    const known = apiScopes.find((candidate) => candidate === scope);
    if (known === undefined)
      throw new AppError("invalid", `There is no scope "${scope}": ${apiScopes.join(", ")}.`);
    return known;
  });
  const expiresAt = options.expires === undefined ? undefined : new Date(options.expires);
  if (expiresAt !== undefined && Number.isNaN(expiresAt.getTime()))
    throw new AppError("invalid", "--expires must be a date, as 2027-01-31.");
  await withDatabase(async (db) => {
    const input = {
      name,
      scopes,
      agentTypes: options.agent ?? [],
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    const { apiKey, key } = await createApiKey(db, input, "command line");
    if (options.json) printJson({ name, key, prefix: apiKey.prefix, scopes });
    else
      process.stdout.write(
        `${key}\nThis is the only time the key is shown. Send it as: Authorization: Bearer ${key.slice(0, 8)}…\n`,
      );
  });
}
