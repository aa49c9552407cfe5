/**
 * The proposer of a world, simulated: it knows the world's sentences and not what they are worth, and answers the optimizer's own
 * requests in the forms that they ask for. It reads which label the failures missed, and one time in four it writes about that.
 */
import { parseGenome, renderGenome } from "#lib/genome/document.ts";
import {
  insertInstruction,
  instructionsOf,
  replaceInstruction,
  withoutSegment,
} from "#lib/genome/edit.ts";
import { type Draws, draw } from "#lib/random.ts";
import type { Completer, CompletionRequest } from "#optimizer/ports.ts";
import type { SentenceGroup } from "./pool.ts";

/** Share of its sentences that the proposer draws among those about a label that was missed. */
const informedShare = 0.25;
/** Sentences of a prompt that is written anew, at least and at most. */
const freshSentences = [2, 5] as const;

export interface ProposerPool {
  groups: readonly SentenceGroup[];
}

/** Answers with edits of the world; a pure function of the request. */
export function worldCompleter(pool: ProposerPool): Completer {
  return {
    complete: async (request) => ({ text: answer(pool, request), costUsd: 0 }),
  };
}

/** One sentence as the proposer would write it: not one that `read` holds, if there is another. */
export function proposeSentence(pool: ProposerPool, read: string, draws: Draws): string {
  const unread = pool.groups.flatMap(({ sentences, focus }) =>
    sentences
      .filter(({ wordings }) => !wordings.some((wording) => read.includes(wording)))
      .map(({ wordings }) => ({ wordings, focus })),
  );
  if (unread.length === 0) return "Take every message seriously.";
  const missed = missedLabels(read);
  const about = unread.filter(({ focus }) => missed.includes(focus));
  const offered = about.length > 0 && draws.chance(informedShare) ? about : unread;
  return draws.pick(draws.pick(offered).wordings);
}

function answer(pool: ProposerPool, { role, system, user, seed }: CompletionRequest): string {
  if (role === "sanity") return '{"verdict": "ok", "reason": ""}';
  const draws = draw("label-world", "proposal", seed, user);
  const rephrased = between(user, "instruction_to_rephrase");
  if (rephrased !== null) return tagged("instruction", inOtherWords(pool, rephrased, draws));
  const frame = between(user, "frame_to_fill");
  if (frame !== null) return tagged("prompt", filled(pool, frame, user, draws));
  const prompt = between(user, "current_prompt");
  if (prompt === null) return tagged("instruction", proposeSentence(pool, user, draws));
  if (user.includes("<variation>")) return variations(pool, prompt, user, draws);
  if (system.includes("shortened prompt")) return tagged("prompt", shorter(pool, prompt, draws));
  const rule = proposeSentence(pool, user, draws);
  if (system.includes("<rule>"))
    return `<diagnosis>A rule is missing.</diagnosis>\n<rule>${rule}</rule>\n${tagged("prompt", withSentence(prompt, rule))}`;
  return tagged("instruction", rule);
}

/** The text with one more instruction. */
export function withSentence(content: string, sentence: string): string {
  return renderGenome(insertInstruction(parseGenome(content), null, sentence));
}

/** Three rewrites, as they are asked for: a minimal edit, one that also drops something, and one that is put together anew. */
function variations(pool: ProposerPool, prompt: string, read: string, draws: Draws): string {
  const added = (content: string) =>
    withSentence(content, proposeSentence(pool, `${read}\n${content}`, draws));
  return [
    added(prompt),
    added(added(withoutOne(prompt, draws))),
    added(added(added(withoutOne(withoutOne(prompt, draws), draws)))),
  ]
    .map((text) => tagged("variation", text))
    .join("\n");
}

function filled(pool: ProposerPool, frame: string, read: string, draws: Draws): string {
  const [least, most] = freshSentences;
  let content = frame;
  for (let k = least + draws.int(most - least + 1); k > 0; k--)
    content = withSentence(content, proposeSentence(pool, `${read}\n${content}`, draws));
  return content;
}

/** The shorter prompt: an instruction is gone, or all that can be are said in as few words as possible. */
function shorter(pool: ProposerPool, prompt: string, draws: Draws): string {
  if (draws.chance(0.5)) return withoutOne(prompt, draws);
  const document = parseGenome(prompt);
  return renderGenome(
    instructionsOf(document).reduce((result, { index, text }) => {
      const shortest = wordingsWith(pool, text)?.at(-1);
      return shortest === undefined ? result : replaceInstruction(result, index, shortest);
    }, document),
  );
}

function withoutOne(content: string, draws: Draws): string {
  const document = parseGenome(content);
  const open = instructionsOf(document).filter(({ locked }) => !locked);
  if (open.length < 2) return content;
  return renderGenome(withoutSegment(document, draws.pick(open).index));
}

function inOtherWords(pool: ProposerPool, instruction: string, draws: Draws): string {
  const others = wordingsWith(pool, instruction)?.filter((wording) => wording !== instruction);
  return others === undefined || others.length === 0
    ? `${instruction} Always do so.`
    : draws.pick(others);
}

function wordingsWith({ groups }: ProposerPool, text: string): readonly string[] | undefined {
  return groups
    .flatMap(({ sentences }) => sentences)
    .find(({ wordings }) => wordings.some((wording) => text.includes(wording)))?.wordings;
}

/** Labels that the failures of a request should have got. */
function missedLabels(read: string): string[] {
  return [...read.matchAll(/instead of "([^"\n]+)"/g)].flatMap(([, label]) => label ?? []);
}

function between(text: string, name: string): string | null {
  return new RegExp(`<${name}>\n([\\s\\S]*?)\n?</${name}>`).exec(text)?.[1] ?? null;
}

function tagged(name: string, text: string): string {
  return `<${name}>\n${text}\n</${name}>`;
}
