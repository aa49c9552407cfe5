/** What the model wants to say, before it is counted and put into the provider's form. */
export interface ToolUse {
  tool: string;
  input: Record<string, unknown>;
}

export interface Reply {
  text: string;
  call: ToolUse | null;
}

export function says(text: string): Reply {
  return { text, call: null };
}

export function calls(text: string, tool: string, input: Record<string, unknown>): Reply {
  return { text, call: { tool, input } };
}
