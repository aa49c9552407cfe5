/** Decides what kind of work is asked for, recalls the habits that the prompt asks for, and does the work. */
import { draw } from "../../random.ts";
import { answer } from "./answerer.ts";
import { type Conversation, promptText } from "./conversation.ts";
import { judge } from "./critic.ts";
import { engineerStep } from "./engineer.ts";
import { gradeText, scoreMaxIn } from "./grading.ts";
import { readHabits } from "./habits.ts";
import { findObjection } from "./objection.ts";
import { writePlan } from "./planner.ts";
import { proposeInstruction, proposeRewrite, proposeVariations } from "./proposer.ts";
import { recallHabits } from "./recall.ts";
import { type Reply, says } from "./reply.ts";
import { roleOf } from "./role.ts";
import { checkSanity } from "./sanity.ts";
import { findStatement, type Statement } from "./statement.ts";
import { countTokens } from "./tokens.ts";
import type { Ability } from "./variants.ts";

export interface Settings {
  seed: number;
  temperature: number;
  ability: Ability;
}

/** The reply to a conversation: a pure function of its arguments. */
export function respond(conversation: Conversation, settings: Settings): Reply {
  const role = roleOf(conversation);
  const text = promptText(conversation);
  const draws = (purpose: string) => draw(settings.seed, role, purpose);
  switch (role) {
    case "variations":
      return says(proposeVariations({ text, draws }));
    case "rewrite":
      return says(proposeRewrite({ text, draws }));
    case "instruction":
      return says(proposeInstruction({ text, draws }));
    case "sanity":
      return says(checkSanity(text, draws("sanity")));
    case "grader":
      return says(gradeText(text, draws("grade"), scoreMaxIn(conversation.system)));
    default:
      return work(role, conversation, settings);
  }
}

function work(
  role: "engineer" | "critic" | "planner" | "answer",
  conversation: Conversation,
  settings: Settings,
): Reply {
  const text = promptText(conversation);
  const draws = (purpose: string) => draw(settings.seed, role, purpose);
  const statement = findStatement(text);
  const { objection, rest } = findObjection(text);
  const instructions = statement === null ? rest : rest.replace(statement.text, "\n");
  const habits = readHabits(instructions);
  const shown = recallHabits(habits, {
    ...settings,
    ability: role === "planner" ? reticent(settings.ability) : settings.ability,
    tokens: countTokens(instructions),
  });
  switch (role) {
    case "engineer": {
      const engineer = { objection, instructions, habits: shown, draws };
      const { tools, exchanges } = conversation;
      if (statement === null) return says("I see no task with variables that I could choose.");
      return engineerStep({ ...engineer, statement, tools, exchanges });
    }
    case "planner":
      return statement === null ? says("") : says(writePlan({ statement, habits: shown, draws }));
    case "critic":
      return says(verdictOn(text, statement, shown, instructions, draws));
    case "answer":
      return says(answer({ conversation, habits: shown, draws, ...settings }));
  }
}

function verdictOn(
  text: string,
  statement: Statement | null,
  habits: ReturnType<typeof recallHabits>,
  instructions: string,
  draws: Parameters<typeof judge>[0]["draws"],
): string {
  if (statement === null) return "VERDICT: pass\nI see no task to judge this against.";
  const wantsJson = /\bjson\b/i.test(instructions);
  return judge({ statement, text, habits, wantsJson, draws });
}

/** A planner gives little advice that nobody asked for. */
function reticent(ability: Ability): Ability {
  return { ...ability, instinct: ability.instinct * 0.3 };
}
