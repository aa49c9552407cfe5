"""harness-evolve 0.3.0 in a world: its loop, its acceptance rules, its proposer's and critic's requests.

Settings: mode "default" (the library's own defaults) or "init" (those of the project that `harness-evolve init` writes: two trials
a case, a noise band for costs, three rounds), cases, held (of those the cases kept for the final report), max_rounds, max_stall, confirm.
"""

import asyncio
import json
import logging
import pathlib
import random
import tempfile

from harness_evolve import AgentProfile, Optimizer, OptimizerConfig, profiles
from harness_evolve.acceptance import CaseResult, EvalResult
from harness_evolve.evaluator import EvalOutcome
from harness_evolve.grader import TrajectoryGrader
from harness_evolve.llm import LLMReply
from world_search import chat, serve

MODES = {
    "default": {},
    "init": {"trials": 2, "calibration_trials": 2, "max_rounds": 3, "cost_band": True},
}


class WorldEvaluator:
    # The loop hands over so many cases at once, whose results it still keeps one by one.
    batch_size = 1000

    def __init__(self, world, cases):
        self.world = world
        self.cases = cases

    async def evaluate(self, harness_dir, case_ids, trials):
        prompt = (pathlib.Path(harness_dir) / "system.prompt").read_text(encoding="utf-8")
        orders = [(case, trial) for case in case_ids for trial in range(1, trials + 1)]
        answers = self.world.answer_all([chat(prompt, self.cases[case]["input"]) for case, _ in orders])
        records = [
            self.record_of(case, trial, answer) for (case, trial), answer in zip(orders, answers, strict=True)
        ]
        per_case = {}
        for case in case_ids:
            own = [record for record in records if record["instance_id"] == case]
            verdicts = [record["verdict"] for record in own]
            costs = sum(record["cost"]["cost_usd"] for record in own)
            per_case[case] = CaseResult(
                passes=verdicts.count("PASS"), trials=trials, verdicts=verdicts, cost_usd=costs
            )
        cost = sum(result.cost_usd for result in per_case.values())
        return EvalOutcome(EvalResult(per_case), cost, records)

    def record_of(self, case, trial, answer):
        given, expected = answer["text"], self.cases[case]["expected"]
        return {
            "instance_id": case,
            "trial": trial,
            "verdict": "PASS" if given == expected else "FAIL",
            "submitted": True,
            "detail": f'answered "{given}" instead of "{expected}"',
            "steps": [],
            "cost": {"cost_usd": answer["costUsd"]},
        }


def search(world):
    logging.disable(logging.CRITICAL)
    settings = world.settings
    rows = list(world.rows)
    random.Random(f"{world.seed}/harness-evolve").shuffle(rows)
    cases = {f"case-{k}": row for k, row in enumerate(rows[: settings["cases"]])}
    options = dict(MODES[settings["mode"]])
    for name in ("max_rounds", "max_stall", "confirm"):
        if name in settings:
            options[name] = settings[name]

    async def model(system, prompt):
        return LLMReply(world.propose(chat(system, prompt)), 0.0)

    # A folder in memory: the library writes each case to disk at once.
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        harness = pathlib.Path(folder) / "harness"
        harness.mkdir()
        (harness / "system.prompt").write_text(world.start, encoding="utf-8")
        (harness / "settings.json").write_text("{}", encoding="utf-8")
        (harness / "tool_descriptions.json").write_text("{}", encoding="utf-8")
        profiles.use(
            AgentProfile.build(
                name="labels",
                harness_root=harness,
                agent_description="Puts messages under labels.",
                grader=TrajectoryGrader() if settings["mode"] == "init" else None,
            )
        )
        held = list(cases)[: settings.get("held", 0)]
        config = OptimizerConfig(
            evolve_cases=list(cases)[len(held) :],
            guard_cases=[],
            final_cases=held,
            budget_usd=1e9,
            **options,
        )
        optimizer = Optimizer(
            pathlib.Path(folder) / "run",
            harness,
            config,
            evaluator=WorldEvaluator(world, cases),
            proposer_llm=model,
            critic_llm=model,
            critic_patterns=[],
        )
        state = asyncio.run(optimizer.run_until_stopped())
        if state.phase != "done":
            raise RuntimeError(f"stopped in {state.phase}: {state.stop_reason}")
        best = (pathlib.Path(folder) / "run" / "incumbent" / "system.prompt").read_text(encoding="utf-8")
        history = (pathlib.Path(folder) / "run" / "history.jsonl").read_text(encoding="utf-8").splitlines()
    # An accepted edit is a clear gain, or it is cheaper within the noise band.
    reasons = [entry["reason"] for entry in map(json.loads, history) if entry["outcome"] == "accepted"]
    gains = sum(reason.startswith("clear gain") for reason in reasons)
    note = {"accepted": len(reasons), "clearGains": gains, "band": state.delta, "rounds": len(history)}
    return best, json.dumps(note)


def memory():
    return "/dev/shm" if pathlib.Path("/dev/shm").is_dir() else None


serve(search)
