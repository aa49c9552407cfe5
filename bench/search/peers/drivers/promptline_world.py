"""promptline-opt 0.1.1 in a world: its GEPA finds a candidate, its statistical gate promotes it or not.

Settings: rollouts (of the optimizer), train, dev, val (rows). The optimizer's other settings and the gate's are the package's own.
"""

import asyncio
import json
import random

from promptline.core.llm import LLMResponse
from promptline.core.program import ModelConfig, PromptProgram
from promptline.core.types import Candidate, Example, ModuleState
from promptline.eval.harness import Budget, EvalHarness, MetricResult
from promptline.optimizers.gepa.engine import GEPA
from promptline.registry.gate import GateSettings, run_gate
from world_search import chat, serve, user

TASK, PROPOSER = "task", "proposer"
# The package appends its field descriptions to the instruction and names the field before the row.
FIELDS, FIELD = "\n\nInputs:\n- text: ", "text: "


class WorldClient:
    """Task calls that wait at the same moment go out together."""

    def __init__(self, world):
        self.world = world
        self.waiting = []

    async def complete(self, call):
        if call.model == PROPOSER:
            return LLMResponse(text=self.world.propose(user(call.messages[-1].content)))
        prompt = call.messages[0].content.split(FIELDS)[0]
        row = call.messages[-1].content.removeprefix(FIELD)
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        self.waiting.append((chat(prompt, row), answer))
        if len(self.waiting) == 1:
            loop.call_later(0, self.send)
        known = await answer
        return LLMResponse(text=known["text"], cost_usd=known["costUsd"])

    def send(self):
        waiting, self.waiting = self.waiting, []
        answers = self.world.answer_all([request for request, _ in waiting])
        for (_, future), answer in zip(waiting, answers, strict=True):
            future.set_result(answer)


def metric(example, prediction):
    given, expected = prediction.outputs["label"].strip(), example.labels["label"]
    feedback = "Right." if given == expected else f'Answered "{given}" instead of "{expected}".'
    return MetricResult(score=float(given == expected), feedback=feedback)


async def searched(world):
    settings = world.settings
    rows = [
        Example(inputs={"text": row["input"]}, labels={"label": row["expected"]}) for row in world.rows
    ]
    random.Random(f"{world.seed}/promptline").shuffle(rows)
    ends = [settings["train"], settings["train"] + settings["dev"]]
    train, dev = rows[: ends[0]], rows[ends[0] : ends[1]]
    val = rows[ends[1] : ends[1] + settings["val"]]
    program = PromptProgram.simple(world.start, ["text"], ["label"])
    config = ModelConfig(task_model=TASK, reflection_model=PROPOSER)
    harness = EvalHarness(WorldClient(world), config, concurrency=len(rows))
    seed = Candidate.seed({"main": ModuleState(instruction=world.start)})
    found = await GEPA(rng_seed=world.seed).optimize(
        program, seed, train, metric, Budget(max_rollouts=settings["rollouts"]), harness
    )
    best = found.best
    report = await run_gate(program, seed, [best], dev, val, harness, metric, GateSettings())
    promoted = report.verdict == "promote"
    note = {"accepted": int(promoted), "differs": best.modules["main"].instruction != world.start}
    return (best if promoted else seed).modules["main"].instruction, json.dumps(note)


def search(world):
    return asyncio.run(searched(world))


serve(search)
