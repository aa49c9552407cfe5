/**
 * What instructions can be about: each habit with the words that mean it. The words are stems and synonyms of the
 * subject, not sentences of any particular prompt; lib/llm/simulated/polarity.ts decides whether a clause asks for it.
 */
import type { Topic } from "./polarity.ts";

export const habitNames = [
  "constraints",
  "variables",
  "units",
  "collisions",
  "simulate",
  "cost",
  "margin",
  "imports",
  "no-reference",
  "heed",
  "submit",
  "stepwise",
  "concise",
  "recompute",
  "specific",
  "strict",
  "order",
  "format",
  "reasoning",
] as const;
export type Habit = (typeof habitNames)[number];

export interface Concept {
  topics: readonly Topic[];
  /** Clauses with these words mean something else. */
  except?: RegExp;
  /** The habit is to keep away from the topic. */
  inverse?: boolean;
  /** Whole turns of phrase that mean the habit without a verb of attention. */
  phrases?: readonly RegExp[];
  /** Whole turns of phrase that mean its opposite. */
  counters?: readonly RegExp[];
}

const gather =
  /\b(?:list(?:ing|ed)?|enumerat(?:e|ing)|writ(?:e|ing) (?:down|out)|note(?: down)?|state|restate|extract|collect|gather|spell(?: out)?|copy|catalog(?:ue)?|itemi[sz]e|name|identify|repeat|quote|record|read|re-read|reread|go through|summari[sz]e|include|tabulate|mention|forget(?:ting)?|overlook(?:ing)?|miss(?:ing)?|account|track|mark|respect|keep)\b/g;

export const lexicon: Readonly<Record<Habit, Concept>> = {
  constraints: {
    topics: [
      {
        about:
          /\b(?:constraints?|requirements?|limits?|conditions?|restrictions?|specifications?|bounds|demands|criteria)\b/,
        verbs: gather,
      },
    ],
    except:
      /\b(?:cost|budget|margin|reserve|headroom|safety|beyond|below the limit|away from|fail(?:ed|ing)|violated|objection|recompute|recalculate|simulat\w*)\b/,
    phrases: [
      /\bevery (?:number|figure|numeric(?:al)? value)s? (?:of|in|from) the (?:problem|statement|task)/,
      /\b(?:do not|don't|never) (?:overlook|miss|forget|leave out) (?:a|any|one|single|the)\b.*(?:constraint|requirement|limit|condition)/,
      /\bread the (?:whole|entire|full|complete) (?:problem|statement|task)/,
    ],
  },
  variables: {
    topics: [
      { about: /\b(?:variables?|parameters?|unknowns|quantities to choose)\b/, verbs: gather },
    ],
    except: /\b(?:one at a time|single|objection|failed|violated|critic|one variable|submi)\b/,
  },
  units: {
    topics: [
      {
        about:
          /\b(?:units?|inch(?:es)?|imperial|metric|si|millimet(?:re|er)s?|dimensions? system|measurement systems?)\b/,
      },
      {
        about:
          /\b(?:quantit(?:y|ies)|values?|measures?|numbers?|figures?|lengths?|loads?|inputs?|everything|dimensions?)\b/,
        verbs: /\b(?:convert(?:ing|ed)?|conversions?)\b/g,
      },
    ],
    except: /\b(?:unit tests?|unit price)\b/,
    phrases: [
      /\b(?:never|not|don't|avoid) (?:ever )?(?:mix|mixing|confuse|confusing|mismatch\w*|muddle)\b.*\bunits?\b/,
    ],
    counters: [/\bunits? (?:are|is) (?:already )?(?:consistent|fine|correct)\b/],
  },
  collisions: {
    topics: [
      {
        about:
          /\b(?:consistency(?:[ _]check)?|overlap\w*|collid\w*|collisions?|interfer\w*|intersect\w*|clash\w*|penetrat\w*|bump\w*|geometric(?:al)? (?:conflict|consistency|fit)s?|physically fit|fit together|occupy the same|touch each other)\b/,
        unwanted: true,
      },
    ],
    except: /\bunits? (?:are |be |stay |remain )?(?:\w+ )?consisten|\bconsistent units\b/,
  },
  simulate: {
    topics: [
      {
        about:
          /\b(?:simulat(?:e|es|ed|ing|ions?|or)|dry run|trial run|quick model|first-order model|numerical model)\b/,
        verbs:
          /\b(?:us(?:e|ing)|run(?:ning)?|call(?:ing|ed)?|iterat(?:e|ing)|repeat(?:ing)?|test(?:ing)?|perform|do|execut(?:e|ing)|invok(?:e|ing)|evaluat(?:e|ing)|check|verify|confirm|try|feed|simulat(?:e|ing|ed)|need|necessary|required|bother|worry)\b/g,
      },
    ],
    except: /\b(?:margin|reserve|headroom|optimistic|approximat\w*|safety factor|buffer)\b/,
    phrases: [
      /\b(?:iterate|refine|improve|adjust|repeat|revise|tune|keep (?:on )?(?:adjusting|refining|iterating|improving|changing|going)|continue|work|change|rework|correct|loop)\b.*\buntil\b.*\b(?:checks?|requirements?|constraints?|limits?|conditions?|everything|all)\b/,
      /\b(?:all|every|each) (?:of the )?(?:checks?|requirements?|constraints?|conditions?) (?:must |has to |have to )?(?:pass|hold|be (?:met|satisfied|green)|is (?:met|satisfied)|are (?:met|satisfied))/,
      /\btry (?:out )?(?:each|every) (?:design|candidate|change)/,
    ],
  },
  cost: {
    topics: [
      {
        about:
          /\b(?:costs?|evaluate_cost|max_cost|prices?|budgets?|expens\w*|spending|afford\w*|cheap(?:er|est)?|too dear|money)\b/,
      },
    ],
  },
  margin: {
    topics: [
      {
        about:
          /\b(?:margins?|reserves?|headroom|safety factors?|factors? of safety|buffers?|cushion|slack|conservative(?:ly)?|overdesign|oversized?|breathing space|leeway)\b/,
      },
      {
        about:
          /\b(?:limits?|bounds?|requirements?|checks?)\b.*\b(?:by|with) (?:at least |about |some )?\d+ ?(?:%|percent|per cent)/,
      },
    ],
    except: /\bprofit margins?\b|\bmargin of the page\b/,
    phrases: [
      /\b(?:\d+ ?(?:%|percent|per cent))\b.*\b(?:better than|beyond|inside|within|below|clear of|away from)\b.*\b(?:limit|bound|require)/,
      /\b\d+ ?(?:%|percent|per cent) (?:\w+ )?(?:better|stronger|stiffer|safer|more) than\b/,
      /\b(?:well|comfortably|clearly|safely) (?:within|inside|below|under|clear of|beyond|away from) (?:the |every |each |all |its |their )?(?:limit|bound|require|constraint|allow)/,
    ],
  },
  imports: {
    topics: [
      { about: /\bimport(?:ing)? (?:the )?(?:module )?math\b|\bmath (?:module|library|package)\b/ },
      { about: /\bmath\b/, verbs: /\bimport(?:ing|ed)?\b/g },
    ],
    phrases: [/^import math\b/, /\bimport math (?:at the (?:top|start|beginning)|first|before)/],
  },
  "no-reference": {
    topics: [
      {
        about:
          /\b(?:lookup_reference|references?(?: (?:tool|table|book|data|value|lookup|work|entr)\w*)?|lookups?|handbooks?|rules? of thumb|typical values|look(?:ing)?(?: \w+)? up|textbook values|catalogue values)\b/,
      },
    ],
    inverse: true,
    counters: [
      /\b(?:reference|lookup|handbook|rules? of thumb)\w*\b.*\b(?:mislead\w*|wrong|unreliable|confus\w*|useless|distract\w*|irrelevant|untrustworthy|not (?:help|apply|trust|reliable))/,
      /\b(?:own|first principles|from the statement)\b.*\b(?:instead of|rather than|not)\b.*\b(?:reference|handbook|rules? of thumb|lookup)/,
    ],
  },
  heed: {
    topics: [
      {
        about:
          /\b(?:critics?|critic's|objections?|reviewers?|reviewer's|feedback|criticism|complaints?|remarks of the critic|concerns? raised)\b/,
      },
    ],
    except: /\b(?:your objection|objection (?:must|should) (?:name|state|be))\b/,
    phrases: [
      /\b(?:never|not|don't)\b.*\b(?:unchanged|same|unaltered|unmodified|as it (?:was|is))\b.*\b(?:objection|critic|feedback|review)/,
    ],
  },
  submit: {
    topics: [
      {
        about:
          /(?<!\b(?:before|until|without|prior to|when|after|once|whenever|than) (?:you )?(?:\w+ )?)\b(?:submit(?:_solution|ting)?|submission|hand(?:ing)? in|turn(?:ing)? in|deliver(?:ing)? the (?:final )?design)\b/,
        verbs:
          /\b(?:submit(?:ting)?|hand(?:ing)? in|turn(?:ing)? in|deliver|call(?:ing)?|us(?:e|ing)|finish|end|make|forget|close|complete|conclude|remember|be sure)\b/g,
      },
    ],
    except:
      /\b(?:(?:don't|do not|never) (?:submit|hand in|turn in) (?:\w+ )?(?:\w+ )?(?:before|until|without|unless|anything|with|a design|designs|overlapping))\b/,
    phrases: [
      /\b(?:never|do not|don't) (?:end|finish|stop|quit|close|conclude)\b.*\bwithout (?:a |having )?(?:submi|call|hand|deliver)/,
    ],
  },
  stepwise: {
    topics: [],
    phrases: [
      /\bone (?:change|variable|parameter|thing|quantity) at a time\b/,
      /\b(?:small|single|careful) (?:steps?|changes?)\b/,
      /\bstep[- ]by[- ]step\b|\bstepwise\b/,
      /\b(?:change|vary|alter|move) only one\b/,
    ],
    counters: [/\b(?:never|not|don't) (?:work|go|think|proceed) step by step\b/],
  },
  concise: {
    topics: [],
    phrases: [
      /\b(?:be|keep|stay|write|answer|reply|remain)\b.*\b(?:brief(?:ly)?|concise(?:ly)?|short|terse(?:ly)?|succinct(?:ly)?|to the point|minimal)\b/,
      /\b(?:no|avoid|without|don't write|do not write|skip) (?:long|lengthy|verbose|unnecessary|extra) (?:explanations?|text|words|prose|commentary|reasoning|thoughts)\b/,
      /\bas few (?:words|steps|tokens) as\b|\bdo not be verbose\b/,
    ],
    counters: [
      /\b(?:explain|describe|discuss)\b.*\b(?:in (?:full|great|much)? ?detail|at length|thoroughly|extensively)\b/,
    ],
  },
  recompute: {
    topics: [
      {
        about:
          /\b(?:numbers?|values?|calculations?|checks?|constraints?|requirements?|limits?|figures?|results?|claims?|design|reserves?|margins?)\b/,
        verbs:
          /\b(?:recomput(?:e|ing)|recalculat(?:e|ing)|re-?check(?:ing)?|re-?evaluat(?:e|ing)|re-?derive|verify|work (?:out|through) (?:again|yourself)|redo|compute (?:again|yourself)|calculate (?:again|yourself)|double-check|compare|test|audit|go through|check)\b/g,
      },
    ],
    except: /\b(?:costs?|collisions?|overlaps?|units?|budget)\b/,
    phrases: [
      /\b(?:never|not|don't) (?:just |simply |blindly )?(?:trust|believe|accept|take|rely on)\b.*\b(?:numbers?|values?|claims?|results?|figures?|reports?|word)\b/,
    ],
    counters: [/\b(?:trust|believe|rely on) the (?:engineer|reported|report|simulation|numbers)/],
  },
  specific: {
    topics: [
      {
        about:
          /\b(?:failed|failing|violated|broken|offending|wrong|which|affected) (?:checks?|variables?|constraints?|requirements?|limits?|conditions?|quantit(?:y|ies)|values?)\b/,
      },
      { about: /\b(?:specific|precise|concrete|actionable|exact)\b/ },
    ],
    phrases: [
      /\b(?:name|state|say|give|identify|quote|cite|point (?:out|to)|tell|report|mention)\b.*\b(?:checks?|requirements?|constraints?|limits?|conditions?|values?) (?:that|which) (?:fails?|is|are|does|do)\b/,
      /\b(?:name|state|say|give|tell)\b.*\bvariables? (?:to|that|which)\b/,
      /\bsay (?:exactly )?(?:what|which|how)\b.*\b(?:change|fix|fail|wrong|mend)/,
    ],
    counters: [/\bvague\b(?<!not vague)/],
  },
  strict: {
    topics: [
      {
        about:
          /\b(?:strict|s[ck]eptical|rigorous|demanding|thorough|critical|tough|suspicious|unforgiving|hard to please)\b/,
        verbs: /\b(?:be|stay|remain|act)\b/g,
      },
    ],
    phrases: [
      /\b(?:never|not|don't) (?:just |simply |blindly )?(?:rubber-?stamp|wave (?:\w+ )?through|approve blindly|take (?:\w+ )?(?:word|on trust))\b/,
      /\b(?:reject|fail|refuse)\b.*\b(?:in|when in|if in|any) doubt\b|\b(?:when|if) in doubt,? (?:reject|fail|refuse)/,
      /\b(?:never|do not|don't|only) (?:pass|approve|accept)\b.*\b(?:unless|without|if|when|after|until)\b/,
    ],
    counters: [
      /\b(?:be|stay) (?:lenient|generous|kind|friendly|encouraging)\b/,
      /\b(?:when|if) in doubt,? (?:pass|approve|accept)\b/,
      /\bassume (?:that )?the (?:engineer|design) is (?:right|correct|fine)\b/,
    ],
  },
  order: {
    topics: [
      {
        about:
          /\b(?:order|sequence|steps?|procedure|checks? to (?:run|make|do)|tools? to (?:use|call))\b/,
        verbs:
          /\b(?:give|state|plan|fix|propose|lay out|describe|define|write|list|outline|say|order|prescribe|recommend|set|tell)\b/g,
      },
    ],
    except: /\bin order to\b|\bstep by step\b|\bone step\b/,
  },
  format: {
    topics: [],
    phrases: [
      /\b(?:only|just|nothing but|exactly|solely)\b.*\b(?:labels?|answer|category|class|word|number|letter|option|name)\b/,
      /\b(?:labels?|answer|category|word|number)\b(?: \w+){0,3} (?:only|alone|and nothing else|nothing more|no explanation|without explanation)\b/,
      /\b(?:one|single) (?:word|label|line|number)\b/,
      /\bno (?:other|additional|extra) (?:text|words|output|explanation)\b/,
    ],
  },
  reasoning: {
    topics: [],
    phrases: [
      /\b(?:think|reason|consider)\b.*\b(?:step by step|carefully|before (?:you )?answer|first|through)\b/,
      /\bstep by step\b/,
      /\b(?:read|look at)\b.*\b(?:carefully|closely|attentively)\b/,
    ],
  },
};
