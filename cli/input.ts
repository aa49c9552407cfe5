import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { AppError } from "#lib/errors.ts";

const badLinesShown = 20;

/** All of standard input; refuses a terminal, where nobody would know what to type. */
export async function readStandardInput(what: string): Promise<string> {
  if (process.stdin.isTTY) throw new AppError("invalid", `Give ${what} on standard input.`);
  return decoded(await buffer(process.stdin), "Standard input");
}

/** A file's text, or standard input for `-`. */
export async function readTextFile(path: string): Promise<string> {
  if (path === "-") return readStandardInput("the text");
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new AppError(
      "invalid",
      `Cannot read ${path}: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  });
  return decoded(bytes, path);
}

/** Refuses what is not UTF-8: read all the same, letters would silently become question marks. */
function decoded(bytes: Buffer, name: string): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const bad: number[] = [];
  let line = 1;
  for (let begin = 0; begin < bytes.length; line += 1) {
    const lineFeed = bytes.indexOf(0x0a, begin);
    const end = lineFeed === -1 ? bytes.length : lineFeed;
    if (!isUtf8(bytes.subarray(begin, end))) bad.push(line);
    begin = end + 1;
  }
  const shown = bad.slice(0, badLinesShown).join(", ");
  const more = bad.length > badLinesShown ? ` and ${bad.length - badLinesShown} more` : "";
  throw new AppError(
    "invalid",
    `${name} is not UTF-8 on ${bad.length === 1 ? "line" : "lines"} ${shown}${more}. Save it as UTF-8; nothing was read.`,
  );
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

/** An amount of money in USD above 0. Throws AppError("invalid") that names the option. */
export function positiveAmount(option: string, text: string): number {
  const amount = Number(text);
  if (amount > 0 && Number.isFinite(amount)) return amount;
  throw new AppError("invalid", `${option} must be a positive amount in USD, not "${text}".`);
}
