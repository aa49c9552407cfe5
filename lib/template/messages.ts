// provisional until the engine is complete
export function renderMessages(content: string, contextJson: string, _options: unknown) {
  const ctx = JSON.parse(contextJson) as Record<string, unknown>;
  const text = content.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, k: string) => String(ctx[k] ?? ""));
  const messages: { role: "system" | "user" | "assistant"; content: string }[] = [];
  let current: { role: "system" | "user" | "assistant"; content: string } = {
    role: "system",
    content: "",
  };
  for (const line of text.split("\n")) {
    const m = /^(system|user|assistant):\s*$/.exec(line);
    if (m) {
      if (current.content.trim()) messages.push(current);
      current = { role: m[1] as "system", content: "" };
    } else current.content += `${line}\n`;
  }
  messages.push(current);
  return { ok: true as const, messages } as
    | { ok: true; messages: typeof messages }
    | { ok: false; refusal: { reason: string; line: number; column: number } };
}
