/**
 * Plain questions: mostly choosing one of several labels for a text. A little general knowledge, likeness to the
 * examples it was shown, and noise; the form of the answer follows the instructions.
 */
import type { Draws } from "../../random.ts";
import { type Conversation, promptText } from "./conversation.ts";
import type { Habit } from "./lexicon.ts";
import type { Ability } from "./variants.ts";

export interface Answerer {
  conversation: Conversation;
  habits: Record<Habit, boolean>;
  ability: Ability;
  temperature: number;
  draws(purpose: string): Draws;
}

/** Words that speak for a label, by what the label is called. */
const knowledge: readonly (readonly [label: RegExp, words: RegExp])[] = [
  [
    /^pos/i,
    /\b(?:good|great|best|love\w*|charm\w*|delight\w*|fun|funny|enjoy\w*|excellent|moving|brilliant|beautiful|smart|warm|fresh|engag\w*|impress\w*|wonder\w*|entertain\w*|powerful|worth)\b/gi,
  ],
  [
    /^neg/i,
    /\b(?:bad|worst|bor\w+|dull|dumb|stupid|awful|poor|fail\w*|lack\w*|mess|waste|tedious|never|n't|not|no|unfunny|flat|weak|annoy\w*|worse|empty|silly|tired|contrived|little)\b/gi,
  ],
  [
    /^sport/i,
    /\b(?:game|team|season|win|won|coach|league|cup|match|player|goal|olympic\w*|championship|score\w*|victory|beat|football|baseball|basketball|tennis)\b/gi,
  ],
  [
    /^business/i,
    /\b(?:shares?|stocks?|market|profit|oil|company|bank|sales|economy|prices?|quarter|billion|investors?|trade|deal|merger|dollar|earnings)\b/gi,
  ],
  [
    /^(?:sci\w*|tech\w*)/i,
    /\b(?:software|internet|microsoft|google|computer|technology|web|online|scientists?|space|nasa|mobile|phone|chip|users?|virus|security|apple|ibm|linux|research\w*)\b/gi,
  ],
  [
    /^world/i,
    /\b(?:minister|president|iraq\w*|killed|war|police|government|troops|attack\w*|election|palestin\w*|israel\w*|un|nuclear|talks|rebels?|bomb\w*|officials?|country)\b/gi,
  ],
  [
    /^(?:num|quant)/i,
    /\b(?:how (?:many|much|long|far|old|tall|fast|big|often)|when|what year|date|population|number)\b/gi,
  ],
  [/^loc/i, /\b(?:where|country|city|state|capital|river|mountain|continent|island|located)\b/gi],
  [
    /^(?:hum|person)/i,
    /\b(?:who|whose|whom|name the (?:man|woman|actor|author)|actor|actress|president|author|inventor|player|team)\b/gi,
  ],
  [/^(?:abb|expr)/i, /\b(?:stand for|abbreviat\w*|acronym|full form|initials|mean in)\b/gi],
  [
    /^(?:desc|def)/i,
    /\b(?:why|how (?:do|does|did|is|are|can)|what (?:is|are) (?:a |an |the )?[\w' ]+ \?|origin|difference|define|definition|mean)\b/gi,
  ],
  [
    /^ent/i,
    /\b(?:what (?:kind|type|color|animal|food|game|language|sport|film|book|disease|word|product)|which|name (?:a|the|an)|called)\b/gi,
  ],
];

/** Answers the last question of the conversation. */
export function answer(answerer: Answerer): string {
  const text = promptText(answerer.conversation);
  const question = questionOf(answerer.conversation);
  const labels = labelsIn(text);
  if (labels.length < 2) return plainAnswer(question);
  const chosen = choose(answerer, question, labels);
  const others = labels.filter((label) => label !== chosen);
  if (answerer.habits.format) return chosen;
  const draws = answerer.draws("wording");
  // Who is not told how to answer sometimes weighs the options aloud, and the wrong one is named first.
  if (draws.chance(0.35))
    return `It could be ${draws.pick(others)}, but on balance I would say ${chosen}.`;
  return draws.pick([
    `The label is ${chosen}.`,
    `${chosen}. The wording of the text points to it.`,
    `I would say ${chosen}.`,
  ]);
}

function choose(answerer: Answerer, question: string, labels: readonly string[]): string {
  const shown = examplesIn(answerer.conversation, labels);
  const scores = labels.map((label) => {
    const known = knowledge.find(([pattern]) => pattern.test(label))?.[1];
    const hits = known === undefined ? 0 : (question.match(known)?.length ?? 0);
    return Math.min(2, hits) + likeness(question, shown, label);
  });
  const noise = answerer.draws("label");
  const examplesHelp = Math.min(0.12, 0.03 * shown.length);
  const care = answerer.habits.reasoning ? 0.06 : 0;
  const heat = 0.05 * answerer.temperature ** 2;
  const sound = answerer.ability.judgement + examplesHelp + care - heat;
  const best = Math.max(...scores);
  const favourites = labels.filter((_, index) => scores[index] === best);
  return noise.chance(sound) ? noise.pick(favourites) : noise.pick(labels);
}

interface Shown {
  words: Set<string>;
  label: string;
}

function likeness(question: string, shown: readonly Shown[], label: string): number {
  const own = wordsOf(question);
  const overlaps = shown
    .filter((example) => example.label === label)
    .map(({ words }) => [...own].filter((word) => words.has(word)).length);
  return Math.min(1.5, Math.max(0, ...overlaps) * 0.3);
}

function wordsOf(text: string): Set<string> {
  return new Set((text.toLowerCase().match(/[\p{L}]{4,}/gu) ?? []).slice(0, 200));
}

/** Worked examples: a turn answered by a label alone, or a line in which a text is followed by one of the labels. */
function examplesIn({ system, turns }: Conversation, labels: readonly string[]): Shown[] {
  const found: Shown[] = [];
  for (const [index, turn] of turns.entries()) {
    const question = turns[index - 1];
    const label = labelNamed(turn.text.trim(), labels);
    if (turn.role === "assistant" && question?.role === "user" && label !== undefined)
      found.push({ words: wordsOf(question.text), label });
  }
  let previous = "";
  for (const line of [system, ...turns.map(({ text }) => text)].join("\n").split("\n")) {
    const last = /([\p{L}\p{N}_-]+)\W*$/u.exec(line);
    const label = last === null ? undefined : labelNamed(last[1] ?? "", labels);
    const before = line.slice(0, last?.index ?? 0);
    // The mark stands right before the label: a list of labels in brackets is no example.
    if (label !== undefined && /(?:->|→|=>|:|\b(?:label|output|answer|is))[\s"'`*]*$/i.test(before))
      found.push({ words: wordsOf(before.length > 25 ? before : previous), label });
    previous = line;
  }
  return found;
}

function labelNamed(text: string, labels: readonly string[]): string | undefined {
  return labels.find((label) => label.toLowerCase() === text.toLowerCase());
}

/** Labels as a list in brackets, or behind a word that announces them. */
function labelsIn(text: string): string[] {
  const bracketed = /\[\s*((?:['"][^'"\n]{1,60}['"]\s*,\s*)+['"][^'"\n]{1,60}['"])\s*\]/.exec(
    text,
  )?.[1];
  if (bracketed !== undefined) {
    return [...bracketed.matchAll(/['"]([^'"]+)['"]/g)].map((match) => match[1] ?? "");
  }
  const announced =
    /\b(?:labels?|categor(?:y|ies)|class(?:es)?|options?|one of)\b[^:\n[(]{0,60}[:[(]\s*([^\n\])]+)/i.exec(
      text,
    )?.[1];
  const items = (announced ?? "")
    .split(/\s*(?:,|\||;|\bor\b|\band\b)\s*/)
    .map((item) => item.replace(/^['"`*]+|['"`*.]+$/g, "").trim());
  return items.filter((item) => item !== "" && item.length <= 60);
}

/** The text asked about: the last user turn, or the part behind the last label that announces it. */
function questionOf({ system, turns }: Conversation): string {
  const last = turns.findLast(({ role }) => role === "user")?.text ?? "";
  const whole = last.length > 60 ? last : system;
  const announced = whole.split(
    /^\s*(?:#+\s*)?(?:input|text|question|sentence|review|message|task)\s*:?\s*$|\b(?:input|text|question|sentence|review)\s*:/im,
  );
  return announced.at(-1)?.trim() ?? whole;
}

function plainAnswer(question: string): string {
  const numbers = question.match(/-?\d+(?:\.\d+)?/g);
  return numbers?.at(-1) ?? "I do not know.";
}
