import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { AppError } from "#lib/errors.ts";

/** All of standard input; refuses a terminal, where nobody would know what to type. */
export async function readStandardInput(what: string): Promise<string> {
  if (process.stdin.isTTY) throw new AppError("invalid", `Give ${what} on standard input.`);
  return text(process.stdin);
}

/** A file's text, or standard input for `-`. */
export async function readTextFile(path: string): Promise<string> {
  if (path === "-") return readStandardInput("the text");
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new AppError(
      "invalid",
      `Cannot read ${path}: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
}

export function parseJson(source: string, what: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new AppError(
      "invalid",
      `${what} is not JSON: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
}

/** A whole number option within bounds. */
export function wholeNumber(name: string, min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value.trim()) || number < min || number > max) {
      throw new AppError(
        "invalid",
        `${name} must be a whole number from ${min} to ${max}, not "${value}".`,
      );
    }
    return number;
  };
}
