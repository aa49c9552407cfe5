import { AppError } from "../errors.ts";

/**
 * The text of a request as it came, for bodies that are judged later. Counts while it reads: a length that a client
 * states is a claim. Throws AppError("invalid") past `maxBytes`.
 */
export async function boundedText(request: Request, maxBytes: number): Promise<string> {
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || value === undefined) return Buffer.concat(chunks).toString("utf8");
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader?.cancel();
      throw new AppError("invalid", `The body is larger than ${maxBytes} bytes.`);
    }
    chunks.push(value);
  }
}
