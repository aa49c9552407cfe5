/**
 * A prompt with its settings as one text, so that a library that only rewrites text can change the model and the temperature too:
 * the first line holds the settings in brackets, the rest is the prompt.
 */
import { type PromptGenome, promptGenome } from "#lib/domain/prompt.ts";
import { withExample } from "#lib/genome/examples.ts";
import type { WorldRow } from "../label-world/rows.ts";

const settingsLine = /^\[settings: ([^\]\n]*)\]$/;

export function textOf({ content, parameters }: PromptGenome): string {
  const settings = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return `[settings: ${settings.join(" ")}]\n${content.trim()}`;
}

/** The prompt of a text; settings that it does not name are the start's. */
export function genomeOf(text: string, start: PromptGenome): PromptGenome {
  const [first = "", ...rest] = text.trim().split("\n");
  const named = settingsLine.exec(first.trim())?.[1];
  const content = `${(named === undefined ? text : rest.join("\n")).trim()}\n`;
  const parameters = named === undefined ? start.parameters : settingsOf(named);
  return promptGenome.parse({ content, parameters, tools: start.tools });
}

/** The prompt with these rows as examples, behind those that it has. */
export function withRows(genome: PromptGenome, rows: readonly WorldRow[]): PromptGenome {
  const content = rows
    .filter(({ input }) => !genome.content.includes(input))
    .reduce(
      (text, { id, input, expected, group }) =>
        withExample(text, { benchmarkId: id, group, input, answer: expected }),
      genome.content,
    );
  return { ...genome, content };
}

function settingsOf(named: string): Record<string, string | number> {
  return Object.fromEntries(
    named.split(" ").flatMap((setting) => {
      const [name = "", value = ""] = setting.split("=");
      if (value === "") return [];
      return [[name, name === "model" ? value : Number(value)]];
    }),
  );
}
