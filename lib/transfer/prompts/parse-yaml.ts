import {
  type Document,
  isAlias,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from "yaml";
import { AppError } from "../../errors.ts";
import { type FileFault, fileCharactersMax } from "./file-prompt.ts";

/** How many times values may be repeated by aliases altogether: people repeat a few, bombs billions. */
const aliasCountMax = 100;

/** A node of a file with everything that reading it needs. */
export interface YamlPlace {
  file: string;
  line: number;
  node: Node | null;
  value: unknown;
  /** A scalar as it is written; null for anything else. */
  text: string | null;
  at(node: unknown): YamlPlace;
  fault(message: string): FileFault;
}

/** Parses YAML 1.2 strictly: no tags of its own, no key twice, one document, few aliases. Never throws. */
export function parseYaml(
  file: string,
  text: string,
  firstLine = 1,
): { root: YamlPlace | null; faults: FileFault[] } {
  const faultAt = (line: number, message: string): FileFault => ({ file, line, message });
  if (text.length > fileCharactersMax) {
    const message = `the file is longer than ${fileCharactersMax} characters`;
    return { root: null, faults: [faultAt(firstLine, message)] };
  }
  const lines = new LineCounter();
  const lineOf = (offset: number) => lines.linePos(offset).line + firstLine - 1;
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
    version: "1.2",
    schema: "core",
  });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    return {
      root: null,
      faults: problems.map(({ pos, message }) => faultAt(lineOf(pos[0]), message)),
    };
  }
  const bomb = tooManyAliases(document);
  if (bomb !== null) return { root: null, faults: [faultAt(lineOf(bomb.offset), bomb.message)] };
  const placeOf = (given: unknown): YamlPlace => {
    const written = isNode(given) ? given : null;
    const node = isAlias(written) ? (written.resolve(document) ?? null) : written;
    // An alias is read where its anchor stands: that is where its lines are.
    const line = lineOf(node?.range?.[0] ?? written?.range?.[0] ?? 0);
    return {
      file,
      line,
      node,
      value: node?.toJS(document, { maxAliasCount: aliasCountMax }),
      text: isScalar(node) ? scalarText(node) : null,
      at: placeOf,
      fault: (message) => faultAt(line, message),
    };
  };
  return { root: placeOf(document.contents), faults: [] };
}

/** Expands every alias once, within the limit, before anything else does. */
function tooManyAliases(document: Document.Parsed): { offset: number; message: string } | null {
  let offset: number | null = null;
  visit(document, {
    Alias(_, alias) {
      offset ??= alias.range?.[0] ?? 0;
    },
  });
  if (offset === null) return null;
  try {
    document.toJS({ maxAliasCount: aliasCountMax });
    return null;
  } catch (error) {
    if (!(error instanceof ReferenceError))
      throw new AppError("internal", "A YAML file could not be read.", { cause: error });
    return { offset, message: `aliases repeat too much: ${error.message}` };
  }
}

/** As written: the number 1.10 is the text "1.10". */
export function scalarText(scalar: Scalar): string {
  return typeof scalar.value === "string" ? scalar.value : (scalar.source ?? String(scalar.value));
}
