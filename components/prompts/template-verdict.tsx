"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { TemplateVerdictShape } from "#lib/http/shapes/prompt.ts";
import classes from "./edit-prompt.module.css";

export interface TemplateVerdictProps {
  id: string;
  query: UseQueryResult<TemplateVerdictShape, Error>;
  /** Asked to show a place of the text; lines and columns begin with 1. */
  onShow: (line: number, column: number) => void;
}

/** What a save would say of the text: each refusal with its place, or the variables it reads. */
export function TemplateVerdict({ id, query, onShow }: TemplateVerdictProps) {
  const { data, error } = query;
  return (
    <div id={id} className={classes.verdict} aria-live="polite">
      {error === null ? null : <p className={classes.refusal}>Not checked: {error.message}</p>}
      {data === undefined ? null : data.ok ? (
        <p>
          Accepted.{" "}
          {data.variables.length === 0
            ? "It reads no variables."
            : `It reads ${data.variables.join(", ")}.`}
        </p>
      ) : (
        <ul className={classes.refusals} aria-label="Refusals">
          {data.refusals.map(({ line, column, reason }) => (
            <li key={`${line}:${column}:${reason}`} className={classes.refusal}>
              <button type="button" className={classes.place} onClick={() => onShow(line, column)}>
                Line {line}, column {column}
              </button>
              <span>{reason}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
