/** Labels answers with a person at a terminal; each label is kept at once, so that a later start goes on there. */
import type { AnswersToLabel, AnswerToLabel } from "#lib/judges/answers-to-label.ts";

export interface LabelTalk {
  /** Answers to ask about at most. */
  limit: number;
  ask: (text: string) => Promise<string>;
  write: (text: string) => void;
  save: (label: AnswerToLabel & { pass: boolean }) => Promise<void>;
}

/** Asks again this often for a reply that is none. */
const asksMax = 5;

/** Asks about one answer after the other until the person quits; answers how many labels were kept. */
export async function labelOneByOne(
  { answers, labelled }: AnswersToLabel,
  { limit, ask, write, save }: LabelTalk,
): Promise<number> {
  const wanted = answers.slice(0, limit);
  write(
    `${answers.length} ${answers.length === 1 ? "answer" : "answers"} to label, ${labelled} labelled before. p passes, f fails, s skips, q quits.\n`,
  );
  let kept = 0;
  for (const [at, one] of wanted.entries()) {
    write(`\n── ${at + 1} of ${wanted.length} · ${one.id}\n${shown(one)}\n`);
    const reply = await readReply(ask);
    if (reply === "quit") break;
    if (reply === "skip") continue;
    await save({ ...one, pass: reply === "pass" });
    kept += 1;
  }
  write(`\n${kept} ${kept === 1 ? "label" : "labels"} kept.\n`);
  return kept;
}

function shown({ question, answer }: AnswerToLabel): string {
  const { task, expected, rubrics } = question;
  const parts = [
    ["Task", task],
    ...(expected === "" ? [] : [["Expected", expected]]),
    ...rubrics.map((rubric) => ["Rubric", rubric]),
    ["Answer", answer],
  ];
  return parts.map(([name, text]) => `${name}:\n${indented(text ?? "")}`).join("\n");
}

/** Control characters could rewrite what stands above them. */
function indented(text: string): string {
  return text
    .replace(/\p{Cc}/gu, (character) => (/[\n\t]/.test(character) ? character : "\uFFFD"))
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}

async function readReply(ask: LabelTalk["ask"]): Promise<"pass" | "fail" | "skip" | "quit"> {
  for (let attempt = 0; attempt < asksMax; attempt++) {
    const said = (await ask("Does it pass? [p/f/s/q] ")).trim().toLowerCase();
    const known = (["pass", "fail", "skip", "quit"] as const).find(
      (word) => said !== "" && word.startsWith(said),
    );
    if (known !== undefined) return known;
  }
  return "quit";
}
