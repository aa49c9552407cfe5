/**
 * Whether a clause asks for something, forbids it or only mentions it. Negations are counted up to the verb that
 * carries the attention: an even number asks ("never submit without checking"), an odd one forbids.
 */

/** Verbs by which a prompt directs attention, in the forms in which it asks: base, -ing after a preposition, modal + -ed. */
const attention =
  /\b(?:checks? (?:that|for|whether)|check|checking|checked|verify|verifying|verified|validat(?:e|ing|ed)|confirm(?:ing|ed)?|ensure|ensuring|make (?:it )?(?:sure|certain)|(?:be|making) (?:sure|certain)|inspect(?:ing|ed)?|test(?:ing|ed)?|examine|scan|look (?:out )?(?:for|at|into)|watch(?: out)?|rule out|us(?:e|ing|ed)|run(?:ning)?|call(?:ing|ed)?|invok(?:e|ing|ed)|execut(?:e|ing)|perform(?:ing)?|do(?=ing|\s+(?:a|the|one))|apply(?:ing)?|consult(?:ing|ed)?|rely(?:ing)?|trust(?:ing)?|query(?:ing)?|keep(?:ing)?|kept|stay(?:ing)?|remain|leav(?:e|ing)|left|aim|target|add(?:ing)?|allow|includ(?:e|ing|ed)|maintain(?:ing)?|hold|build|provide|reserve|plan|design|oversize|treat|mind|consider(?:ing)?|respect|account|compare|comparing|evaluat(?:e|ing|ed)|estimat(?:e|ing)|comput(?:e|ing|ed)|calculat(?:e|ing)|recomput(?:e|ing)|recalculat(?:e|ing)|recheck|determine|convert(?:ing|ed)?|translat(?:e|ing)|normali[sz](?:e|ing|ed)|express|bring|watch|note|state|stating|list(?:ing|ed)?|enumerat(?:e|ing)|name|naming|write|writing|extract|collect|spell|restate|quote|say|identify|point|specify|cite|address(?:ing|ed)?|fix(?:ing|ed)?|resolv(?:e|ing|ed)|respond|heed|follow|incorporat(?:e|ing)|answer|tak(?:e|ing)|act|read(?:ing)?|iterat(?:e|ing)|repeat(?:ing)?|refin(?:e|ing)|adjust|begin|start(?:ing)?|import(?:ing)?|load|put|prefix|prepend|finish|end|submit|hand|turn in|deliver|change|vary|move|adjusting|work|reject|fail|demand|insist|question|challenge|be|remember|worry|worrying|bother(?:ing)?|need(?:ed)?|necessary|required?|matter)\b/g;

/** Verbs of checking: only these ask for care about something unwanted ("submit" beside "collisions" does not). */
export const checking =
  /\b(?:check|checking|checked|verify|verifying|verified|validat(?:e|ing|ed)|confirm(?:ing|ed)?|ensure|ensuring|make (?:it )?(?:sure|certain)|(?:be|making) (?:sure|certain)|inspect(?:ing|ed)?|test(?:ing|ed)?|examin(?:e|ed|ing)|scan|look (?:out )?(?:for|at|into)|watch(?: out)?|rule out|us(?:e|ing|ed)|run(?:ning)?|call(?:ing|ed)?|invok(?:e|ing|ed)|execut(?:e|ing)|perform(?:ing)?|consult(?:ing|ed)?|mind|consider(?:ing)?|account|fix(?:ing|ed)?|resolv(?:e|ing|ed)|look(?:ing)?|worry(?:ing)?|bother(?:ing)?|need(?:ed)?|necessary|required|matter|remember|cross-check|double-check|search(?:ing)?)\b/g;

/** Words that turn the meaning around. */
const negation = /\b(?:not|never|no|cannot|nor|neither|without|nobody|none)\b|n't\b/g;
/** Verbs of leaving out: as good as a negation. */
const omission =
  /\b(?:skip(?:ping)?|ignor(?:e|ing)|omit(?:ting)?|forget(?:ting)?|neglect(?:ing)?|avoid(?:ing)?|refrain|unnecessary|needless|optional|stop|forgo|distrust|beware|stay away|steer clear|keep away|pointless|useless|waste|superfluous|rather than|instead of)\b/g;
/** Said of a thing that was left out: "never leave the cost unchecked". */
const neglected =
  /\b(?:implicit|unchecked|unstated|untested|unverified|unclear|unaddressed|unanswered|unresolved|unread|unconverted|unexamined|unattended|unsimulated|unnoticed|aside)\b/g;
/** These leave the thing itself out, even when the thing is bad: who ignores collisions does not check them. */
const disregard =
  /\b(?:skip(?:ping)?|ignor(?:e|ing)|omit(?:ting)?|forget(?:ting)?|neglect(?:ing)?|unnecessary|needless|optional|pointless|superfluous|irrelevant|unimportant)\b/;
const dismissed =
  /\b(?:(?:does|do|did|will) ?(?:not|n't) matter|doesn't matter|don't matter|(?:is|are) (?:irrelevant|unimportant|optional|unnecessary|pointless|superfluous|none of your concern|not (?:needed|necessary|required|important|your concern)))\b/;
const hedge =
  /\b(?:may|might|could|if (?:you like|time|possible|convenient|you want)|where possible|when possible|optionally|try to|perhaps|maybe|feel free|consider|ideally|occasionally|sometimes|can)\b/;
const emphasis =
  /\b(?:must|always|never|every|each time|mandatory|required|in all cases|without exception|under no circumstances|crucial|essential|important|critical)\b/;
const narrative =
  /\b(?:was|were|had|did|forgot|went|used to|yesterday|last (?:week|month|year)|once upon|a colleague|others have|some (?:engineers|people|teams)|people|historically|someone)\b/;
const demand =
  /\b(?:must|should|shall|always|never|need|have to|has to|required|sure|you will|until|only (?:when|if|after|once)|do not|don't)\b/;

export interface Topic {
  /** What the clause must speak of. */
  about: RegExp;
  /** The thing is unwanted (a collision): "no collisions" asks for care instead of forbidding it. */
  unwanted?: boolean;
  /** Verbs that fit; without it every verb of attention does. */
  verbs?: RegExp;
}

/** −1 forbids … 0 says nothing … 1 asks plainly; up to 1.15 with emphasis, about half with a hedge. */
export function stanceOf(clause: string, topic: Topic): number {
  const at = clause.search(topic.about);
  if (at < 0 || (narrative.test(clause) && !demand.test(clause))) return 0;
  const force = forceOf(clause);
  if (dismissed.test(clause)) return -force;
  const verb = verbBefore(clause, topic);
  if (verb === null)
    return (
      force *
      (topic.unwanted === true ? stanceOnUnwanted(clause, at) : stanceWithoutVerb(clause, at))
    );
  const before = clause.slice(0, verb);
  const between = topic.unwanted === true ? "" : clause.slice(verb, at);
  const turns = occurrences(before, negation) + occurrences(before, omission);
  const inner = at > verb ? occurrences(between, negation) + occurrences(between, omission) : 0;
  const left = occurrences(clause, neglected);
  return (turns + inner + left) % 2 === 0 ? force : -force;
}

/** The stance of a clause that holds a whole turn of phrase; what stands before it may turn it around. */
export function stanceOfPhrase(clause: string, phrase: RegExp): number {
  const at = clause.search(phrase);
  if (at < 0) return 0;
  const before = clause.slice(0, at);
  const turns = occurrences(before, negation) + occurrences(before, omission);
  return (turns % 2 === 0 ? 1 : -1) * forceOf(clause);
}

function forceOf(clause: string): number {
  return (hedge.test(clause) ? 0.5 : 1) * (emphasis.test(clause) ? 1.15 : 1);
}

/** Without a verb of attention: "avoid collisions" asks, "ignore collisions" forbids, "collisions happen" is nothing. */
function stanceOnUnwanted(clause: string, at: number): number {
  const before = clause.slice(0, at);
  if (disregard.test(before)) return occurrences(before, negation) % 2 === 1 ? 1 : -1;
  const averse = /\b(?:avoid|prevent|free of|eliminate|remove|clear)\b/.test(clause);
  const negated = occurrences(before, negation) > 0;
  return averse || negated ? 0.8 : 0;
}

/** "Skip the cost report", "no lookups": leaving out needs no other verb. */
function stanceWithoutVerb(clause: string, at: number): number {
  const before = clause.slice(0, at);
  const omitted = occurrences(before, omission);
  if (omitted > 0) return (omitted + occurrences(before, negation)) % 2 === 1 ? -1 : 1;
  return /^(?:never|no|not|without|do not|don't)\b/.test(before) ? -1 : 0;
}

/** Place of the last fitting verb before the topic, else of the first one anywhere; null without one. */
function verbBefore(clause: string, topic: Topic): number | null {
  const at = clause.search(topic.about);
  const verbs = topic.verbs ?? (topic.unwanted === true ? checking : attention);
  const places = [...clause.matchAll(verbs)]
    .filter((match) => isAsking(clause, match.index, match[0]))
    .map((match) => match.index);
  const before = places.filter((place) => place <= at);
  return before.at(-1) ?? places[0] ?? null;
}

/** Past participles ask only beside a demand; a noun behind a determiner ("the check") never asks. */
function isAsking(clause: string, index: number, word: string): boolean {
  const before = clause.slice(0, index);
  if (
    /\b(?:the|a|an|this|that|its|their|our|each|every|any|of)(?:\s+[a-z_]+_[a-z_]+)?\s*$/.test(
      before,
    )
  )
    return false;
  if (
    /\b(?:consistency|collision|interference|overlap|unit|units|cost|sanity|design|safety|dimension)\s+$/.test(
      before,
    )
  )
    return false;
  if (/_$/.test(before) || clause[index + word.length] === "_") return false;
  if (/ed$|^kept$|^left$/.test(word) && !/need/.test(word)) return demand.test(clause);
  return !/\b(?:it|he|she|they|which|who|tool|tools|that)\s+$/.test(before);
}

function occurrences(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
