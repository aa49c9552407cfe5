import type { Command } from "commander";
import { getTag, prodTag } from "#lib/db/tags.ts";
import { publicPrompt } from "#lib/registry/public-prompt.ts";
import { releaseWithoutProof } from "#lib/registry/release.ts";
import { withDatabase } from "../database.ts";
import { findPrompt } from "../find-prompt.ts";
import { printJson } from "../output.ts";

/** `genepool prompts release`. */
export function addReleasePrompt(prompts: Command): void {
  prompts
    .command("release <prompt>")
    .description("put a prompt into production without proof, where the settings allow it")
    .requiredOption("--reason <text>", "why, in a few words; kept in the ledger")
    .option("--by <name>", "who releases it", "command line")
    .option("--json", "machine-readable output")
    .addHelpText(
      "after",
      `
For a hotfix that cannot wait for a proof. The version is marked "unproven" until another one holds prod. An
administrator switches this on first: Settings, "Release without proof".

Example:
  genepool prompts release engineer@1.1.0 --reason "the tool was renamed, the old prompt fails"`,
    )
    .action(release);
}

async function release(
  name: string,
  options: { reason: string; by: string; json?: boolean },
): Promise<void> {
  await withDatabase(async (db) => {
    const { id, agentType, version } = await findPrompt(db, name);
    const prodGeneration = (await getTag(db, agentType, prodTag))?.generation ?? 0;
    const { prompt, tag } = await releaseWithoutProof(db, {
      promptId: id,
      actor: options.by,
      reason: options.reason,
      prodGeneration,
    });
    if (options.json)
      return printJson({ prompt: publicPrompt(prompt, null), generation: tag.generation });
    process.stdout.write(
      `${agentType}@${version} is in production without proof (prod, generation ${tag.generation}).\n`,
    );
  });
}
