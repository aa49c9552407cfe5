/**
 * The model as a proposer: it reads the prompt and the failures it is shown and rewrites the prompt. Its proposals are
 * as mixed as a real model's: about half are good, some change nothing that matters, some do harm.
 */
import type { Draws } from "../../random.ts";
import { diagnose } from "./diagnosis.ts";
import { readHabits } from "./habits.ts";
import { type Habit, habitNames } from "./lexicon.ts";
import {
  advice,
  emptyAdvice,
  harmfulAdvice,
  overridingAdvice,
  windyAdvice,
} from "./proposal-texts.ts";

export interface Proposer {
  /** The whole request. */
  text: string;
  draws(purpose: string): Draws;
}

type Quality = "good" | "neutral" | "bad";
const qualities: readonly Quality[] = ["good", "neutral", "bad"];
const qualityWeights = [0.5, 0.27, 0.23];

interface Request {
  prompt: string;
  purpose: string;
  wanted: Habit[];
}

/** Three rewrites: a minimal one, one against several causes, a reordered one. */
export function proposeVariations(proposer: Proposer): string {
  const request = readRequest(proposer.text);
  const variations = [1, 2, 3].map((size, index) => {
    const draws = proposer.draws(`variation ${index}`);
    const wanted = index === 0 ? request.wanted : rotated(request.wanted, draws.int(3));
    return rewrite({ ...request, wanted }, size, draws);
  });
  const cause = request.wanted[0] ?? "nothing in particular";
  return [
    `The prompt does not ask for what would have prevented the failures, above all: ${cause}.`,
    ...variations.map((variation) => `<variation>\n${variation.trimEnd()}\n</variation>`),
  ].join("\n\n");
}

/** A reflection with its rule, a prompt written anew or the shortened prompt, whichever is asked for. */
export function proposeRewrite(proposer: Proposer): string {
  const frame = tagged(proposer.text, "frame_to_fill");
  if (frame !== null) return written(frame, proposer);
  const request = readRequest(proposer.text);
  if (!/<rule>/i.test(proposer.text)) {
    return `<prompt>\n${shortened(request.prompt, proposer.draws("shorten")).trimEnd()}\n</prompt>`;
  }
  const draws = proposer.draws("reflection");
  const quality = draws.weighted(qualities, qualityWeights);
  const rule = chosenRule(proposer.text, request.wanted, quality, draws);
  const quote = witness(proposer.text);
  return [
    ...(quote === null ? [] : [`<quote>${quote}</quote>`]),
    `<diagnosis>The prompt never asks for this, so the agent left it out: ${request.wanted[0] ?? "care"}.</diagnosis>`,
    `<rule>${rule}</rule>`,
    `<prompt>\n${withRules(request.prompt, [rule]).trimEnd()}\n</prompt>`,
  ].join("\n");
}

/** One instruction, or another wording of the one that is given. */
export function proposeInstruction(proposer: Proposer): string {
  const draws = proposer.draws("instruction");
  const given = tagged(proposer.text, "instruction_to_rephrase");
  if (given !== null) return `<instruction>${rephrased(given, draws)}</instruction>`;
  const { wanted } = readRequest(proposer.text);
  const quality = draws.weighted(qualities, qualityWeights);
  const tool = tagged(proposer.text, "tool_to_describe");
  if (tool !== null) return `<instruction>${wordsOnTool(tool, quality, draws)}</instruction>`;
  return `<instruction>${ruleFor(wanted, quality, draws)}</instruction>`;
}

/** A prompt within a frame: the rules that the failures ask for, and some that they do not. */
function written(frame: string, proposer: Proposer): string {
  const request = readRequest(proposer.text);
  const draws = proposer.draws("fresh");
  const quality = draws.weighted(qualities, qualityWeights);
  const rules = request.wanted.slice(0, 4).map((habit) => wording(habit, draws));
  const extra = quality === "good" ? [] : [ruleFor(request.wanted, quality, draws)];
  return `<prompt>\n${withRules(frame, [...rules, ...extra]).trimEnd()}\n</prompt>`;
}

/** Of rules that others proposed, one that answers to the failures; a careless reader takes any. */
function chosenRule(
  text: string,
  wanted: readonly Habit[],
  quality: Quality,
  draws: Draws,
): string {
  const candidates = [...text.matchAll(/<candidate_rule>([\s\S]*?)<\/candidate_rule>/g)].map(
    (match) => (match[1] ?? "").trim(),
  );
  if (candidates.length === 0) return ruleFor(wanted, quality, draws);
  const fitting = candidates.filter((candidate) => {
    const habits = readHabits(candidate);
    return wanted.slice(0, 3).some((habit) => habits[habit].strength > 0);
  });
  return draws.pick(quality === "bad" || fitting.length === 0 ? candidates : fitting);
}

/** The first line of a trace, word for word. */
function witness(text: string): string | null {
  const line = /<trace>\s*([^\n<]+)/.exec(text)?.[1]?.trim();
  return line === undefined || line === "" ? null : line;
}

const toolWords: readonly (readonly [RegExp, Habit])[] = [
  [/consistency|collision/i, "collisions"],
  [/simulat/i, "simulate"],
  [/cost/i, "cost"],
  [/calculat/i, "imports"],
  [/submit/i, "submit"],
  [/reference/i, "no-reference"],
];

function wordsOnTool(tool: string, quality: Quality, draws: Draws): string {
  const habit = toolWords.find(([pattern]) => pattern.test(tool))?.[1];
  if (quality === "bad") return draws.pick(harmfulAdvice);
  return habit === undefined || quality === "neutral"
    ? draws.pick(emptyAdvice)
    : wording(habit, draws);
}

/** The prompt and everything that tells of failures; the one cluster to work on comes first and weighs most. */
function readRequest(text: string): Request {
  const prompt = tagged(text, "current_prompt") ?? tagged(text, "frame_to_fill") ?? "";
  const cluster = [...text.matchAll(/<(failure|trace)\b[^>]*>([\s\S]*?)<\/\1>/gi)].map((m) => m[0]);
  const summary = tagged(text, "failure_summary") ?? "";
  const failures = [...cluster, ...cluster, summary].join("\n");
  const purpose = /\bpurpose[^:\n]*:\s*([^\n]*)/i.exec(text)?.[1] ?? "";
  return { prompt, purpose, wanted: diagnose(prompt, failures, purpose) };
}

function tagged(text: string, name: string): string | null {
  const open = text.indexOf(`<${name}>`);
  const close = text.lastIndexOf(`</${name}>`);
  if (open < 0 || close < open) return null;
  return text.slice(open + name.length + 2, close).replace(/^\n|\n$/g, "");
}

function rewrite(request: Request, size: number, draws: Draws): string {
  const quality = draws.weighted(qualities, qualityWeights);
  const rules = request.wanted.slice(0, size).map((habit) => wording(habit, draws));
  const { prompt } = request;
  if (quality === "good") return withRules(size === 3 ? reordered(prompt) : prompt, rules);
  if (quality === "neutral") {
    return draws.chance(0.5)
      ? withRules(prompt, [draws.pick(emptyAdvice), ...rules.slice(1, size)])
      : withRules(prompt, [...rules.slice(0, 1), ...draws.shuffle(windyAdvice).slice(0, 2)]);
  }
  return damaged(prompt, draws);
}

function damaged(prompt: string, draws: Draws): string {
  const damage = draws.pick([
    "drop",
    "drop",
    "contradict",
    "bloat",
    "variable",
    "syntax",
    "override",
  ]);
  switch (damage) {
    case "drop":
      return withoutOneRule(prompt, draws);
    case "contradict":
      return withRules(prompt, [draws.pick(harmfulAdvice)]);
    case "bloat":
      return withRules(prompt, [...windyAdvice, ...emptyAdvice, ...windyAdvice]);
    case "variable":
      return prompt.replace(/\{\{\s*(\w+)\s*\}\}/, "{{ $1_text }}");
    case "syntax":
      return prompt.replace(/\{\{\s*(\w+)\s*\}\}/, "{{ $1 }");
    default:
      return withRules(prompt, [draws.pick(overridingAdvice)]);
  }
}

function ruleFor(wanted: readonly Habit[], quality: Quality, draws: Draws): string {
  if (quality === "bad") return draws.pick([...harmfulAdvice, ...overridingAdvice.slice(0, 1)]);
  if (quality === "neutral") return draws.pick([...emptyAdvice, ...windyAdvice]);
  const candidates = wanted.slice(0, 3);
  if (candidates.length === 0) return draws.pick(emptyAdvice);
  return wording(draws.weighted(candidates, [6, 3, 2].slice(0, candidates.length)), draws);
}

function wording(habit: Habit, draws: Draws): string {
  return draws.pick(advice[habit] ?? emptyAdvice);
}

function rotated<T>(items: readonly T[], by: number): T[] {
  return [...items.slice(by), ...items.slice(0, by)];
}

const bullet = /^\s*(?:[-*+]|\d{1,3}[.)])\s+/;
const isRule = (line: string) => bullet.test(line) && !/\{\{|\{%/.test(line);

/** The prompt with rules behind its last rule, or at the end of its instructions when it has none. */
function withRules(prompt: string, rules: readonly string[]): string {
  const lines = prompt.split("\n");
  const at = lines.findLastIndex(isRule);
  const added = rules.map((rule) => `- ${rule}`);
  const input = lines.findIndex((line) => /^user:\s*$/.test(line));
  if (at < 0 && input > 0)
    return [...lines.slice(0, input), ...added, ...lines.slice(input)].join("\n");
  if (at < 0) return [...lines, "", ...added].join("\n");
  return [...lines.slice(0, at + 1), ...added, ...lines.slice(at + 1)].join("\n");
}

function withoutOneRule(prompt: string, draws: Draws): string {
  const lines = prompt.split("\n");
  const rules = lines.flatMap((line, index) => (isRule(line) ? [index] : []));
  if (rules.length === 0) return prompt.slice(0, Math.ceil(prompt.length * 0.8));
  const dropped = draws.pick(rules);
  return lines.filter((_, index) => index !== dropped).join("\n");
}

/** Rules that ask for something come before those that do not. */
function reordered(prompt: string): string {
  const lines = prompt.split("\n");
  const rules = lines.filter(isRule);
  const asks = (line: string) =>
    Object.values(readHabits(line.replace(bullet, ""))).some(({ strength }) => strength > 0);
  const sorted = [...rules.filter(asks), ...rules.filter((line) => !asks(line))];
  return lines.map((line) => (isRule(line) ? (sorted.shift() ?? line) : line)).join("\n");
}

/** Without the sentences that ask for nothing; now and then one too many goes. */
function shortened(prompt: string, draws: Draws): string {
  const lines = prompt.split("\n");
  const asks = (line: string) =>
    Object.values(readHabits(line.replace(bullet, ""))).some(({ strength }) => strength !== 0);
  const idle = lines.filter((line) => isRule(line) && !asks(line));
  const kept = lines.filter((line) => !idle.includes(line)).join("\n");
  const isCareless = idle.length === 0 || draws.chance(0.25);
  return isCareless ? withoutOneRule(kept, draws) : kept;
}

function rephrased(instruction: string, draws: Draws): string {
  const habits = readHabits(instruction);
  const others = habitNames
    .filter((habit) => habits[habit].strength > 0)
    .flatMap((habit) => advice[habit] ?? [])
    .filter((text) => text !== instruction);
  if (others.length > 0 && draws.chance(0.7)) return draws.pick(others);
  const plain = instruction.replace(/^(?:please|always|kindly),?\s+/i, "");
  const first = plain.charAt(0).toLowerCase() + plain.slice(1);
  return draws.pick([`Always ${first}`, `Please ${first}`, `Make it a habit: ${first}`]);
}
