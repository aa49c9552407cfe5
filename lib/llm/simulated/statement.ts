/**
 * Finds and understands the statement of a design task within a text: what may be chosen, what is required, what it
 * may cost. Headings and list items are read as any reader would; there is nothing else to go by.
 */

export interface Variable {
  name: string;
  unit: string;
  min: number;
  max: number;
  whole: boolean;
}

export interface Statement {
  text: string;
  variables: Variable[];
  /** Lines of the list of requirements. */
  requirements: string[];
  /** Requirements that stand apart from the list, after it. */
  late: string[];
  costLimitUsd: number | null;
  /** Unit in which a result is read unless another is named, and the unit of the figures. */
  otherUnit: { unit: string; from: string } | null;
}

const variableLine =
  /^\s*[-*]\s+`?([A-Za-z]\w*)`?\s*\(([^,()]*),\s*(-?[\d.]+)\s*(?:to|–|\.\.)\s*(-?[\d.]+)(,\s*(?:whole number|integer))?\)/;
const variablesTitle = /^\s*[#*]*\s*(?:design )?variables\s*\**\s*:?\s*$/i;
const requirementsTitle = /^\s*[#*]*\s*requirements\s*\**\s*:?\s*$/i;
const costLine = /\bcost limit\b\D*([\d.]+)/i;
const limitWords =
  /\b(?:at most|at least|or (?:more|less|farther|higher)|below|above|within|no (?:more|less|stiffer) than|fits?)\b/i;

/** The first statement in a text, or null when it holds none. */
export function findStatement(text: string): Statement | null {
  const lines = text.split("\n");
  const inside = statementLines(lines);
  if (inside.size === 0) return null;
  const own = lines.filter((_, index) => inside.has(index));
  const variables = own.flatMap(readVariable);
  if (variables.length === 0) return null;
  const from = own.findIndex((line) => requirementsTitle.test(line));
  const costAt = own.findIndex((line) => costLine.test(line));
  const listed = from < 0 ? [] : own.slice(from + 1, costAt < from ? undefined : costAt);
  const rest = costAt < 0 ? [] : own.slice(costAt + 1);
  const conversion = /\b1 (\w+) = [\d.]+ (\w+)/.exec(own.join("\n"));
  return {
    text: own.join("\n").trim(),
    variables,
    requirements: listed.filter((line) => /^\s*[-*]\s/.test(line)),
    late: rest.filter(
      (line) => limitWords.test(line) && /\d/.test(line) && !/\b1 \w+ = /.test(line),
    ),
    costLimitUsd: costAt < 0 ? null : Number(costLine.exec(own[costAt] ?? "")?.[1]),
    otherUnit:
      conversion?.[1] === undefined || conversion[2] === undefined
        ? null
        : { unit: conversion[1], from: conversion[2] },
  };
}

/** Indexes of the lines that belong to statements: from the story before the variables to the notes after the cost. */
export function statementLines(lines: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  lines.forEach((line, index) => {
    if (!variablesTitle.test(line) || !variableLine.test(lines[index + 1] ?? "")) return;
    const end = statementEnd(lines, index);
    for (let at = storyStart(lines, index); at < end; at++) found.add(at);
  });
  return found;
}

/** The paragraph before the list of variables tells the story. */
function storyStart(lines: readonly string[], title: number): number {
  let from = title;
  while (from > 0 && isBlank(lines[from - 1])) from--;
  while (from > 0 && !isBlank(lines[from - 1]) && !isBorder(lines[from - 1] ?? "")) from--;
  return from;
}

/** Up to the notes in the paragraph after the cost limit, or to the next heading. */
function statementEnd(lines: readonly string[], title: number): number {
  let at = title;
  while (at < lines.length && !costLine.test(lines[at] ?? "") && !isBorder(lines[at] ?? "")) at++;
  if (isBorder(lines[at] ?? "")) return at;
  at++;
  while (at < lines.length && isBlank(lines[at])) at++;
  while (at < lines.length && !isBlank(lines[at]) && !isBorder(lines[at] ?? "")) at++;
  return at;
}

function readVariable(line: string): Variable[] {
  const match = variableLine.exec(line);
  if (match === null) return [];
  const [, name = "", unit = "", min, max, whole] = match;
  return [
    { name, unit: unit.trim(), min: Number(min), max: Number(max), whole: whole !== undefined },
  ];
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === "";
}

/** A heading, a tag or a label that opens another part of the prompt. */
function isBorder(line: string): boolean {
  return (
    (/^\s*#{1,6}\s/.test(line) && !variablesTitle.test(line) && !requirementsTitle.test(line)) ||
    /^\s*<\/?[a-z_]+>\s*$/i.test(line) ||
    /^\s*(?:problem|task|plan|objection|the design)\b[^.]{0,40}:\s*$/i.test(line)
  );
}

/** Numbers of a text in canonical form. */
export function numbersIn(text: string): string[] {
  return (text.match(/\d+(?:\.\d+)?/g) ?? []).map((number) => String(Number(number)));
}
