import type { z } from "zod";

type Json = z.infer<ReturnType<typeof z.json>>;
type ReadJson = { ok: true; value: Json } | { ok: false; reason: string };

const fence = "```";

/** The JSON of an answer: all of it, or what stands in its last fenced block. Models wrap JSON so, and talk around it. */
export function jsonIn(answer: string): ReadJson {
  const whole = parse(answer.trim());
  if (whole.ok) return whole;
  const block = lastBlock(answer);
  if (block === null) return whole;
  const fenced = parse(block);
  return fenced.ok ? fenced : { ok: false, reason: `In the fenced block: ${fenced.reason}` };
}

function parse(text: string): ReadJson {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, reason: `The answer is not JSON: ${error.message}` };
  }
}

function lastBlock(answer: string): string | null {
  const close = answer.lastIndexOf(fence);
  const open = close < 1 ? -1 : answer.lastIndexOf(fence, close - 1);
  if (open < 0) return null;
  return answer.slice(open + fence.length, close).replace(/^[a-z0-9]*[ \t]*\r?\n/i, "");
}
