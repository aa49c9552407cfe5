#!/usr/bin/env bash
# gepa 0.1.4: `max_metric_calls` is looked at only between two steps, and an accepted step measures the whole validation set.
# Expected: 60 calls at most. Seen: 106 calls (seed 50, then 3 + 3 for the minibatch and 50 for the accepted candidate).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check gepa==0.1.4
cat >"$folder/check.py" <<'PY'
import gepa
from gepa.adapters.default_adapter.default_adapter import EvaluationResult

calls = 0


def task(messages):
    return str(messages[0]["content"].count("x"))


def score(row, response):
    global calls
    calls += 1
    return EvaluationResult(score=min(1.0, int(response) / 100), feedback="", objective_scores=None)


rows = [{"input": f"row {k}", "answer": "", "additional_context": {}} for k in range(50)]
prompts = iter(f"```\n{'x' * (k + 2)}\n```" for k in range(1000))
result = gepa.optimize(
    seed_candidate={"prompt": "x"},
    trainset=rows,
    valset=rows,
    task_lm=task,
    evaluator=score,
    reflection_lm=lambda prompt: next(prompts),
    max_metric_calls=60,
    logger=type("Quiet", (), {"log": lambda self, text: None})(),
)
print(f"max_metric_calls=60: {calls} calls of the metric, total_metric_calls says {result.total_metric_calls}")
assert calls == 106, calls
PY
"$folder/venv/bin/python" "$folder/check.py"
