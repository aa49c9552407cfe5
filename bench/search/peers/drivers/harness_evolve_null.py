"""What harness-evolve 0.3.0 accepts where no prompt is better, in an agent that needs no world: pass or fail is a hash.

    python harness_evolve_null.py 40

One line a setting: mode, what edits do (`add` a sentence, or `mixed`: four in ten remove one, which makes the prompt cheaper), whether answers repeat,
rate, share of the rows that a sentence swaps (1: each prompt passes rows of its own). Everything is simulated.
"""

import asyncio
import hashlib
import json
import logging
import pathlib
import random
import sys
import tempfile

from harness_evolve import AgentProfile, Optimizer, OptimizerConfig, profiles
from harness_evolve.acceptance import CaseResult, EvalResult
from harness_evolve.evaluator import EvalOutcome
from harness_evolve.grader import TrajectoryGrader
from harness_evolve.llm import LLMReply

START = "Answer with one label.\n- Rule a one.\n- Rule b two.\n- Rule c three.\n"
INIT = {"trials": 2, "calibration_trials": 2, "max_rounds": 3, "cost_band": True}
MODES = {"defaults": (57, {}), "init": (50, INIT)}
AGENTS = [(0, 0.6, 1), (0, 0.5, 0.3), (0.7, 0.5, 0.3)]


def share_of(*parts):
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


class EqualPrompts:
    batch_size = 1000

    def __init__(self, seed, temperature, rate, share):
        self.seed, self.temperature, self.rate, self.share = seed, temperature, rate, share
        self.trials = {}

    def passes(self, text, case, repeat):
        if self.share >= 1:
            good = share_of(self.seed, text, case) < self.rate
        else:
            good = share_of(self.seed, "base", case) < self.rate
            for line in rules_of(text):
                if share_of(self.seed, "swap", line, case) < self.share:
                    good = share_of(self.seed, "new", line, case) < self.rate
        if self.temperature == 0:
            return good
        return share_of(self.seed, "trial", text, case, repeat) < (0.8 if good else 0.2)

    async def evaluate(self, harness_dir, case_ids, trials):
        text = (pathlib.Path(harness_dir) / "system.prompt").read_text(encoding="utf-8")
        per_case, records, total = {}, [], 0.0
        for case in case_ids:
            first = self.trials.get((text, case), 0)
            self.trials[(text, case)] = first + trials
            verdicts = ["PASS" if self.passes(text, case, first + k) else "FAIL" for k in range(trials)]
            cost = (len(text) + 200) * 1e-6
            per_case[case] = CaseResult(verdicts.count("PASS"), trials, cost_usd=cost * trials, verdicts=verdicts)
            total += cost * trials
            for trial, verdict in enumerate(verdicts, 1):
                record = {"instance_id": case, "trial": trial, "verdict": verdict, "submitted": True}
                records.append({**record, "steps": [], "cost": {"cost_usd": cost}})
        return EvalOutcome(EvalResult(per_case), total, records)


def rules_of(text):
    return [line for line in text.splitlines() if line.startswith("- ")]


def scripted(seed, edits):
    proposed = 0

    async def model(system, prompt):
        nonlocal proposed
        if "strict reviewer" in system:
            return LLMReply('{"verdict": "accept", "reasons": []}', 0.0)
        proposed += 1
        text = prompt.split("--- system.prompt (")[1].split(" ---\n", 1)[1].split("\n\n=== SETTINGS")[0]
        draws = random.Random(f"{seed}/{proposed}")
        rules = rules_of(text)
        if edits == "mixed" and rules and draws.random() < 0.4:
            edit = {"file": "system.prompt", "find": f"{draws.choice(rules)}\n", "replace": ""}
        else:
            first = text.splitlines()[0]
            rule = f"- Rule {seed} {proposed} {draws.random():.6f}."
            edit = {"file": "system.prompt", "find": first, "replace": f"{first}\n{rule}"}
        proposal = {"component": "prompts", "hypothesis": f"rule {proposed}", "edits": [edit]}
        return LLMReply(json.dumps(proposal), 0.0)

    return model


async def accepted(seed, mode, edits, agent):
    cases, options = MODES[mode]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        harness = root / "harness"
        harness.mkdir()
        for name, text in (("system.prompt", START), ("settings.json", "{}"), ("tool_descriptions.json", "{}")):
            (harness / name).write_text(text, encoding="utf-8")
        grader = TrajectoryGrader() if mode == "init" else None
        profiles.use(
            AgentProfile.build(name="agent", harness_root=harness, agent_description="Labels.", grader=grader)
        )
        config = OptimizerConfig(
            evolve_cases=[f"c{k}" for k in range(cases)], guard_cases=[], budget_usd=1e9, **options
        )
        model = scripted(seed, edits)
        state = await Optimizer(
            root / "run", harness, config, evaluator=EqualPrompts(seed, *agent),
            proposer_llm=model, critic_llm=model, critic_patterns=[],
        ).run_until_stopped()
    if state.phase != "done":
        raise RuntimeError(state.stop_reason)
    return len(state.accepted) > 0


def main():
    logging.disable(logging.CRITICAL)
    runs = int(sys.argv[1])
    for mode in MODES:
        for edits in ("add", "mixed"):
            for agent in AGENTS:
                count = sum(asyncio.run(accepted(seed, mode, edits, agent)) for seed in range(runs))
                temperature, rate, share = agent
                line = {"mode": mode, "edits": edits, "temperature": temperature, "rate": rate, "share": share}
                print(json.dumps({**line, "accepted": count, "runs": runs}), flush=True)


main()
