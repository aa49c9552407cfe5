/**
 * The requests by which each library asks its model for a new prompt, and the form in which it reads the answer, as of gepa 0.1.4,
 * dspy 3.4.1, promptolution 2.3.0, harness-evolve 0.3.0 and promptline-opt 0.1.1.
 */

export interface ProposalRequest {
  /** `edit` asks for a child of one prompt, `merge` for a child of two, `text` for words that are no prompt. */
  kind: "edit" | "merge" | "text";
  /** The prompts that it starts from. */
  prompts: readonly string[];
  /** The answer in the form that the library reads. */
  reply(text: string): string;
}

/** What a library sends: dspy repeats its own form in the system's message, so that the prompt is sought in the user's alone. */
export interface ProposalMessages {
  system: string;
  user: string;
}

interface Form {
  library: string;
  read(request: string, system: string): ProposalRequest | null;
}

const forms: readonly Form[] = [
  {
    library: "gepa",
    read: (request) =>
      editOf(
        between(
          request,
          "instructions to perform a task for me:\n```\n",
          "\n```\n\nThe following are examples",
        ),
        fenced,
      ),
  },
  {
    library: "dspy GEPA",
    read: (request) =>
      editOf(
        between(
          request,
          "[[ ## current_instruction ## ]]\n",
          "\n\n[[ ## examples_with_feedback ## ]]",
        ),
        (text) => JSON.stringify({ new_instruction: text }),
      ),
  },
  {
    library: "dspy MIPROv2",
    read: (request) =>
      editOf(between(request, "[[ ## basic_instruction ## ]]\n", "\n\n[[ ## "), (text) =>
        chatField("proposed_instruction", text),
      ),
  },
  { library: "dspy MIPROv2", read: dspyDescription },
  { library: "promptolution", read: promptolutionRequest },
  {
    library: "promptline-opt",
    read: (request) =>
      editOf(
        between(
          request,
          "Current instruction:\n```\n",
          "\n```\n\nHere is how the module performed",
        ),
        fenced,
      ),
  },
  { library: "harness-evolve", read: harnessEvolveRequest },
];

/** Reads a request of any of the libraries; throws for one that none of them sends. */
export function readProposalRequest({ system, user }: ProposalMessages): ProposalRequest {
  for (const { read } of forms) {
    const found = read(user, system);
    if (found !== null) return found;
  }
  throw new RangeError(`none of the libraries asks like this: ${user.slice(0, 200)}`);
}

function editOf(prompt: string | null, reply: ProposalRequest["reply"]): ProposalRequest | null {
  return prompt === null ? null : { kind: "edit", prompts: [prompt], reply };
}

/** What dspy asks about the program and the data before it proposes: its answer is read, and changes no edit of the world. */
function dspyDescription(request: string): ProposalRequest | null {
  const asked =
    /Respond with the corresponding output fields, starting with the field `\[\[ ## (\w+) ## \]\]`/.exec(
      request,
    )?.[1];
  if (asked === undefined) return null;
  return { kind: "text", prompts: [], reply: () => chatField(asked, "Messages and their labels.") };
}

function promptolutionRequest(request: string): ProposalRequest | null {
  const end = "\n\nReturn the new prompt in the following format:";
  const tagged = (text: string) => `<prompt>${text}</prompt>`;
  const mother = between(request, "\nPrompt 1: ", "\nPrompt 2: ");
  const father = between(request, "\nPrompt 2: ", end);
  if (mother !== null && father !== null)
    return { kind: "merge", prompts: [mother, father], reply: tagged };
  return editOf(between(request, "\nPrompt: ", end), tagged);
}

function harnessEvolveRequest(request: string, system: string): ProposalRequest | null {
  if (system.includes("strict reviewer of changes"))
    return { kind: "text", prompts: [], reply: () => '{"verdict": "accept", "reasons": []}' };
  const header = /^--- system\.prompt \((\d+) chars\) ---\n/m.exec(request);
  if (header === null) return null;
  const from = header.index + header[0].length;
  const prompt = request.slice(from, from + Number(header[1]));
  return editOf(prompt, (text) =>
    JSON.stringify({
      component: "prompts",
      hypothesis: "Another instruction serves the messages that failed.",
      edits: [{ file: "system.prompt", find: prompt, replace: text }],
    }),
  );
}

function between(text: string, start: string, end: string): string | null {
  const from = text.indexOf(start);
  if (from < 0) return null;
  const to = text.indexOf(end, from + start.length);
  return to < 0 ? null : text.slice(from + start.length, to);
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

function chatField(name: string, text: string): string {
  return `[[ ## ${name} ## ]]\n${text}\n\n[[ ## completed ## ]]\n`;
}
