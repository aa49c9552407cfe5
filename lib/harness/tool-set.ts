import { type Schema, type ToolSet, tool, zodSchema } from "ai";
import type { z } from "zod";

/** A tool that an agent may call; what it answers goes back to the model as JSON. */
export interface AgentTool {
  description: string;
  inputSchema: z.ZodType;
  execute(input: unknown): unknown;
}

/** JSON schemas by zod schema: their conversion would take a third of a simulated trial's time. */
const converted = new WeakMap<z.ZodType, Schema<unknown>>();

function schemaOf(inputSchema: z.ZodType): Schema<unknown> {
  const known = converted.get(inputSchema);
  if (known !== undefined) return known;
  const schema = zodSchema<unknown>(inputSchema);
  converted.set(inputSchema, schema);
  return schema;
}

/** The tools that a prompt names, as the AI SDK takes them; names that do not exist are not offered. */
export function offeredTools(
  tools: Readonly<Record<string, AgentTool>>,
  names: readonly string[],
): ToolSet {
  return Object.fromEntries(
    Object.entries(tools)
      .filter(([name]) => names.includes(name))
      .map(([name, { description, inputSchema, execute }]) => [
        name,
        tool({
          description,
          inputSchema: schemaOf(inputSchema),
          execute: async (input: unknown) => execute(input),
        }),
      ]),
  );
}
