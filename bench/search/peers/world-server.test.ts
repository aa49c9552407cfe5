import { expect, test } from "vitest";
import { z } from "zod";
import { makeLabelWorld } from "../label-world/make-label-world.ts";
import { PeerSession } from "./peer-session.ts";
import { WorldServer } from "./world-server.ts";

const world = makeLabelWorld({ seed: 2 });
const answer = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })),
  counts: z.object({ ordered: z.number(), asked: z.number(), proposals: z.number() }),
});

async function served<Result>(
  use: (url: string, session: PeerSession) => Promise<Result>,
): Promise<Result> {
  const server = await WorldServer.start();
  try {
    const session = new PeerSession(world, 2);
    return await use(server.open("one", session), session);
  } finally {
    await server.stop();
  }
}

async function complete(url: string, model: string, messages: unknown) {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model, messages }),
  });
  return answer.parse(await response.json());
}

test("the task model answers a row by the world's rate, and a repeated request is paid for once", async () => {
  await served(async (url, session) => {
    for (const row of session.rows.slice(0, 4)) {
      const messages = [
        { role: "system", content: session.startText },
        { role: "user", content: row.input },
      ];
      const first = await complete(url, "world-task", messages);
      const again = await complete(url, "world-task", messages);
      const right = world.passRate(world.start, row.id) === 1;
      expect(first.choices[0]?.message.content === row.expected).toBe(right);
      expect(again.choices).toEqual(first.choices);
    }
    expect(session.counts).toEqual({ ordered: 4, asked: 8, proposals: 0 });
  });
});

test("the proposer answers a library's request with another prompt of the world", async () => {
  await served(async (url, session) => {
    const content = `instructions to perform a task for me:\n\`\`\`\n${session.startText}\n\`\`\`\n\nThe following are examples`;
    const children = new Set<string>();
    for (let k = 0; k < 5; k++) {
      const { choices } = await complete(url, "world-proposer", [{ role: "user", content }]);
      children.add(choices[0]?.message.content ?? "");
    }
    expect(children.size).toBeGreaterThan(2);
    for (const child of children) expect(child).toMatch(/^```\n\[settings: [^\]]+\]\nsystem:/);
    expect(session.counts).toEqual({ ordered: 0, asked: 0, proposals: 5 });
  });
});

test("a batch stops where the calls are spent", async () => {
  await served(async (url, session) => {
    const requests = session.rows.slice(0, 5).map(({ input }) => [
      { role: "system", content: session.startText },
      { role: "user", content: input },
    ]);
    const response = await fetch(`${url}/batch`, {
      method: "POST",
      body: JSON.stringify({ requests, orderedMax: 3 }),
    });
    const { answers } = z.object({ answers: z.array(z.unknown()) }).parse(await response.json());
    expect(answers.map((own) => own === null)).toEqual([false, false, false, true, true]);
  });
});

test("an instruction, examples and a row written as one text are the prompt with these examples", () => {
  const session = new PeerSession(world, 2);
  const [example, row] = [session.examples[0], session.rows[0]];
  if (example === undefined || row === undefined) throw new Error("the world has no rows");
  const shot = `Input:\n${example.input}\nOutput:\n${example.expected}`;
  const genome = session.promptOf([
    { role: "user", content: `${session.startText}\n\n${shot}\n\nInput:\n${row.input}` },
  ]);
  expect(genome.content).toContain(`user:\n${example.input}\nassistant:\n${example.expected}\n`);
  expect(genome.content).not.toContain(row.input);
  const plain = session.promptOf([{ role: "user", content: `${session.startText}\n${row.input}` }]);
  expect(plain.content).toBe(world.start.content);
});

test("an unknown search and a request in no known form are refused with a message", async () => {
  await served(async (url) => {
    const unknown = await fetch(`${url}-other/task`);
    expect(unknown.status).toBe(404);
    const wrong = await fetch(`${url}/v1/chat/completions`, { method: "POST", body: "{}" });
    expect(wrong.status).toBe(400);
  });
});
