"use client";

import { useState } from "react";
import type { PromptDiff } from "#lib/http/shapes/prompt.ts";
import classes from "./diff.module.css";
import { type DiffRow, diffRows, type Segment } from "./diff-rows.ts";

const signs = { added: "+", removed: "−", same: "" } as const;
const spoken = { added: "added", removed: "removed", same: "unchanged" } as const;

/** What changed from one prompt to another: text line by line, then parameters and tools. */
export function DiffView({ diff }: { diff: PromptDiff }) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const rows = diffRows(diff.lines, opened);
  const unchanged = diff.lines.every(({ kind }) => kind === "same");
  return (
    <div>
      {unchanged ? <div className={classes.empty}>The text is the same.</div> : null}
      <div className={classes.diff}>
        {unchanged
          ? null
          : rows.map((row, index) =>
              row.kind === "gap" ? (
                <button
                  type="button"
                  key={`gap ${row.from}`}
                  className={classes.gap}
                  onClick={() => setOpened(new Set([...opened, row.from]))}
                >
                  {row.rows} unchanged lines
                </button>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: a diff is immutable and a row is its place.
                <Row key={index} row={row} />
              ),
            )}
      </div>
      <Genes diff={diff} />
    </div>
  );
}

function Row({ row }: { row: Exclude<DiffRow, { kind: "gap" }> }) {
  return (
    <div className={classes.row} data-kind={row.kind}>
      <span className={classes.number}>{row.before}</span>
      <span className={classes.number}>{row.after}</span>
      <span className={classes.sign} role="img" aria-label={spoken[row.kind]}>
        {signs[row.kind]}
      </span>
      <span className={classes.text}>
        {row.segments.map((segment, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <SegmentText key={index} segment={segment} />
        ))}
      </span>
    </div>
  );
}

function SegmentText({ segment: { text, changed } }: { segment: Segment }) {
  return changed ? <mark>{text}</mark> : text;
}

function Genes({ diff: { parameters, toolsAdded, toolsRemoved } }: { diff: PromptDiff }) {
  if (parameters.length + toolsAdded.length + toolsRemoved.length === 0) return null;
  return (
    <div className={classes.genes}>
      {parameters.map(({ name, before, after }) => (
        <span key={name}>
          {name}: {String(before ?? "default")} → <strong>{String(after ?? "default")}</strong>
        </span>
      ))}
      {toolsAdded.map((tool) => (
        <span key={tool}>
          tool added: <strong>{tool}</strong>
        </span>
      ))}
      {toolsRemoved.map((tool) => (
        <span key={tool}>
          tool removed: <strong>{tool}</strong>
        </span>
      ))}
    </div>
  );
}
