/** What a prompt author reads: a sentence that names the construct and says what to write instead. */
export type TemplateRefusal = {
  reason: string;
  construct: string;
  /** Both count from 1; the column counts code points. */
  line: number;
  column: number;
};

/** Thrown inside the engine only; every public function turns it into a `TemplateRefusal`. */
export class TemplateError extends Error {
  readonly construct: string;
  /** Offset into the normalised source; undefined when only the evaluator knows where it stands. */
  readonly at: number | undefined;

  constructor(construct: string, reason: string, at?: number) {
    super(reason);
    this.name = "TemplateError";
    this.construct = construct;
    this.at = at;
  }
}

/** The refusal for an error, with its offset turned into a line and a column of `source`. */
export function refusalOf(error: unknown, source: string, fallbackAt = 0): TemplateRefusal {
  if (error instanceof TemplateError) {
    const before = source.slice(0, error.at ?? fallbackAt);
    const lineStart = before.lastIndexOf("\n") + 1;
    let line = 1;
    for (const character of before) if (character === "\n") line += 1;
    const column = Array.from(before.slice(lineStart)).length + 1;
    return { reason: error.message, construct: error.construct, line, column };
  }
  // The engine walks trees recursively; its depth limits keep clear of the stack unless the caller was deep already.
  if (error instanceof RangeError)
    return {
      reason: "The template needs too much memory or depth.",
      construct: "budget",
      line: 1,
      column: 1,
    };
  throw error;
}
