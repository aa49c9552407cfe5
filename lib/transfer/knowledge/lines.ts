import { createHash } from "node:crypto";
import { z } from "zod";
import { AppError } from "../../errors.ts";

/** Grows when a line means something else or holds other fields. */
export const formatVersion = 3;

const headerShape = {
  type: z.literal("header"),
  format: z.int().min(1),
  /** Newest migration of the database it was made from. */
  schema: z.string().min(1).max(200),
  /** What the database was at this moment is in the file; `--since` goes on from here. */
  at: z.iso.datetime({ precision: 3 }),
  since: z.iso.datetime({ precision: 3 }).nullable(),
};
/** Of a file that may be newer: read first, so that the reason is said and not its first strange field. */
export const anyHeader = z.looseObject({ type: z.literal("header"), format: headerShape.format });
export const header = z.strictObject(headerShape);
export type Header = z.infer<typeof header>;

/** The last line: how many lines lie between it and the header, and their SHA-256, line ends included. */
export const trailer = z.strictObject({
  type: z.literal("end"),
  lines: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Trailer = z.infer<typeof trailer>;

/** Counts lines and hashes them as they pass. */
export class LineDigest {
  #hash = createHash("sha256");
  lines = 0;

  add(line: string): void {
    this.lines++;
    this.#hash.update(line).update("\n");
  }

  end(): Trailer {
    return { type: "end", lines: this.lines, sha256: this.#hash.digest("hex") };
  }
}

/** A line that a person is told of. */
export function lineError(line: number, message: string, cause?: unknown): AppError {
  return new AppError("invalid", `Line ${line}: ${message}`, { details: { line }, cause });
}

/** Characters of one line at most; the largest rows are traces of a few hundred thousand. */
const lineMax = 67_108_864;
const newline = 10;

/**
 * The lines of a stream of bytes, divided at line feeds alone: the separators of Unicode occur within texts. A last
 * line without its end comes with `whole` false. Throws AppError("invalid") for what is not UTF-8 or has no end.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ text: string; whole: boolean }> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let parts: Uint8Array[] = [];
  let length = 0;
  let line = 0;
  const take = () => {
    line++;
    try {
      return decoder.decode(Buffer.concat(parts));
    } catch (error) {
      throw lineError(line, "it is not UTF-8", error);
    } finally {
      parts = [];
      length = 0;
    }
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      parts.push(chunk.subarray(from, at));
      yield { text: take(), whole: true };
      from = at + 1;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > lineMax) throw lineError(line + 1, `it is longer than ${lineMax} bytes`);
  }
  if (parts.length > 0) yield { text: take(), whole: false };
}
