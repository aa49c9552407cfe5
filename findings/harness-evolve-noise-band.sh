#!/usr/bin/env bash
# harness-evolve 0.3.0, with its defaults and with those of `harness-evolve init`: the noise band is the noise between two runs of one
# prompt. An agent whose answers repeat has none, so an edit that only changes which cases pass, 60 % before and after, is accepted as a
# "clear gain". The README says that a change is kept "only when it beats measured run-to-run noise".
# Expected: such edits are accepted in about one run in twenty. Seen: in 24 of 40 runs with the defaults (57 cases), and in 24 of 40 with
# the init settings (50 cases, two trials each).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check harness-evolve==0.3.0
cat >"$folder/check.py" <<'PY'
import asyncio
import hashlib
import json
import logging
import pathlib
import sys
import tempfile

from harness_evolve import AgentProfile, Optimizer, OptimizerConfig, profiles
from harness_evolve.acceptance import CaseResult, EvalResult
from harness_evolve.evaluator import EvalOutcome
from harness_evolve.llm import LLMReply

logging.disable(logging.CRITICAL)
START = "Answer with one label.\n"
SETTINGS = {
    "defaults": (57, {}),
    "init": (50, {"trials": 2, "calibration_trials": 2, "max_rounds": 3, "cost_band": True}),
}


class EqualPrompts:
    """Each prompt passes its own 60 % of the cases, whatever it says; every trial costs the same."""

    batch_size = 1000

    def __init__(self, seed):
        self.seed = seed

    async def evaluate(self, harness_dir, case_ids, trials):
        text = (pathlib.Path(harness_dir) / "system.prompt").read_text()
        results = {}
        for case in case_ids:
            digest = hashlib.sha256(f"{self.seed}|{text}|{case}".encode()).digest()
            verdict = "PASS" if int.from_bytes(digest[:4], "big") / 2**32 < 0.6 else "FAIL"
            passes = trials if verdict == "PASS" else 0
            results[case] = CaseResult(passes, trials, cost_usd=0.001 * trials, verdicts=[verdict] * trials)
        records = [
            {"instance_id": case, "trial": trial + 1, "verdict": result.verdicts[0], "cost": {"cost_usd": 0.001}}
            for case, result in results.items()
            for trial in range(trials)
        ]
        return EvalOutcome(EvalResult(results), 0.001 * trials * len(case_ids), records)


def scripted():
    proposed = 0

    async def model(system, prompt):
        nonlocal proposed
        if "strict reviewer" in system:
            return LLMReply('{"verdict": "accept", "reasons": []}', 0.0)
        proposed += 1
        edit = {"file": "system.prompt", "find": "one label.", "replace": f"one label. Rule {proposed}."}
        proposal = {"component": "prompts", "hypothesis": f"rule {proposed}", "edits": [edit]}
        return LLMReply(json.dumps(proposal), 0.0)

    return model


async def clear_gains(seed, cases, options):
    with tempfile.TemporaryDirectory(dir=sys.argv[1]) as folder:
        root = pathlib.Path(folder)
        harness = root / "harness"
        harness.mkdir()
        for name, text in (("system.prompt", START), ("settings.json", "{}"), ("tool_descriptions.json", "{}")):
            (harness / name).write_text(text)
        profiles.use(AgentProfile.build(name="agent", harness_root=harness, agent_description="Labels messages."))
        config = OptimizerConfig(
            evolve_cases=[f"case-{k}" for k in range(cases)], guard_cases=[], budget_usd=100.0, **options
        )
        model = scripted()
        optimizer = Optimizer(
            root / "run", harness, config, evaluator=EqualPrompts(seed),
            proposer_llm=model, critic_llm=model, critic_patterns=[],
        )
        state = await optimizer.run_until_stopped()
        assert state.phase == "done", state.stop_reason
        lines = (root / "run" / "history.jsonl").read_text().splitlines()
    accepted = [entry for entry in map(json.loads, lines) if entry["outcome"] == "accepted"]
    return sum(entry["reason"].startswith("clear gain") for entry in accepted)


for name, (cases, options) in SETTINGS.items():
    gains = [asyncio.run(clear_gains(seed, cases, options)) for seed in range(40)]
    runs = sum(gain > 0 for gain in gains)
    print(f"{name}: an edit that is no better was accepted as a clear gain in {runs} of 40 runs")
    assert runs == 24, runs
PY
"$folder/venv/bin/python" "$folder/check.py" "$folder"
