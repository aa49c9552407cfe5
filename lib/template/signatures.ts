/** What each filter and test takes. Admission counts arguments by it, the evaluator binds them by it. */

export type Signature = {
  /** Parameter names in order; those with a "?" may be left out. */
  parameters: readonly string[];
  required: number;
  /** Whether arguments beyond the parameters are taken, plain and named. */
  open: boolean;
};

function takes(text: string): Signature {
  const words = text.split(" ").filter((word) => word !== "");
  const parameters = words.filter((word) => word !== "*").map((word) => word.replace("?", ""));
  const required = words.filter((word) => word !== "*" && !word.endsWith("?")).length;
  return { parameters, required, open: words.includes("*") };
}

export const filterSignatures: ReadonlyMap<string, Signature> = new Map([
  ["abs", takes("")],
  ["attr", takes("name")],
  ["batch", takes("linecount fill_with?")],
  ["capitalize", takes("")],
  ["center", takes("width?")],
  ["count", takes("")],
  ["d", takes("default_value? boolean?")],
  ["default", takes("default_value? boolean?")],
  ["dictsort", takes("case_sensitive? by? reverse?")],
  ["e", takes("")],
  ["escape", takes("")],
  ["filesizeformat", takes("binary?")],
  ["first", takes("")],
  ["float", takes("default?")],
  ["forceescape", takes("")],
  ["format", takes("*")],
  ["groupby", takes("attribute default? case_sensitive?")],
  ["indent", takes("width? first? blank?")],
  ["int", takes("default? base?")],
  ["items", takes("")],
  ["join", takes("d? attribute?")],
  ["last", takes("")],
  ["length", takes("")],
  ["list", takes("")],
  ["lower", takes("")],
  ["map", takes("*")],
  ["max", takes("case_sensitive? attribute?")],
  ["min", takes("case_sensitive? attribute?")],
  ["pprint", takes("")],
  ["reject", takes("*")],
  ["rejectattr", takes("*")],
  ["replace", takes("old new count?")],
  ["reverse", takes("")],
  ["round", takes("precision? method?")],
  ["safe", takes("")],
  ["select", takes("*")],
  ["selectattr", takes("*")],
  ["slice", takes("slices fill_with?")],
  ["sort", takes("reverse? case_sensitive? attribute?")],
  ["string", takes("")],
  ["striptags", takes("")],
  ["sum", takes("attribute? start?")],
  ["title", takes("")],
  ["tojson", takes("indent?")],
  ["trim", takes("chars?")],
  ["truncate", takes("length? killwords? end? leeway?")],
  ["unique", takes("case_sensitive? attribute?")],
  ["upper", takes("")],
  ["urlencode", takes("")],
  ["wordcount", takes("")],
  ["wordwrap", takes("width? break_long_words? wrapstring? break_on_hyphens?")],
  ["xmlattr", takes("autospace?")],
]);

export const testSignatures: ReadonlyMap<string, Signature> = new Map([
  ["!=", takes("other")],
  ["<", takes("other")],
  ["<=", takes("other")],
  ["==", takes("other")],
  [">", takes("other")],
  [">=", takes("other")],
  ["boolean", takes("")],
  ["callable", takes("")],
  ["defined", takes("")],
  ["divisibleby", takes("num")],
  ["eq", takes("other")],
  ["equalto", takes("other")],
  ["escaped", takes("")],
  ["even", takes("")],
  ["false", takes("")],
  ["filter", takes("")],
  ["float", takes("")],
  ["ge", takes("other")],
  ["greaterthan", takes("other")],
  ["gt", takes("other")],
  ["in", takes("seq")],
  ["integer", takes("")],
  ["iterable", takes("")],
  ["le", takes("other")],
  ["lessthan", takes("other")],
  ["lower", takes("")],
  ["lt", takes("other")],
  ["mapping", takes("")],
  ["ne", takes("other")],
  ["none", takes("")],
  ["number", takes("")],
  ["odd", takes("")],
  ["sameas", takes("other")],
  ["sequence", takes("")],
  ["string", takes("")],
  ["test", takes("")],
  ["true", takes("")],
  ["undefined", takes("")],
  ["upper", takes("")],
]);
