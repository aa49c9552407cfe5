/** The product's command line as a user would call it, with a data directory of its own. */
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { exitCodes } from "../../cli/exit.ts";

const launcher = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../bin/genepool.mjs");

export type GenepoolCli = (...words: string[]) => Promise<string>;

/** Answers a function that runs one command and gives its standard output; it throws when the command fails.
 * An optimization that found nothing worth a review did not fail. */
export function genepoolCli(variables: Readonly<Record<string, string>>): GenepoolCli {
  return (...words) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [launcher, ...words], {
        env: { ...process.env, ...variables },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
      child.on("error", reject);
      child.on("close", (code) => {
        if (code === 0 || code === exitCodes.noCandidate) resolve(output);
        else reject(new Error(`genepool ${words[0] ?? ""} ended with ${code ?? "a signal"}.`));
      });
    });
}
