import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The commit that the working tree stands on, with a mark where it was changed since; throws outside a repository. */
export async function commitOf(): Promise<string> {
  const git = async (...args: string[]) => (await promisify(execFile)("git", args)).stdout.trim();
  const changes = await git("status", "--porcelain", "--untracked-files=no");
  return `${await git("rev-parse", "--short=12", "HEAD")}${changes === "" ? "" : ", changed"}`;
}
