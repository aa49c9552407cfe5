#!/usr/bin/env bash
# dspy 3.4.1: MIPROv2 cuts everything up to the first colon off a proposed instruction, when at most five words stand before it.
# Expected: the instruction as the prompt model wrote it. Seen: "Never answer with these labels: refund, exchange." is measured as
# "refund, exchange.".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dspy==3.4.1 optuna==5.0.0
cat >"$folder/check.py" <<'PY'
import contextlib
import io
import logging
import types
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
import dspy
from dspy.teleprompt import MIPROv2

PROPOSED = "Never answer with these labels: refund, exchange."
seen = set()


class Scripted(dspy.BaseLM):
    def __init__(self):
        super().__init__(model="scripted", cache=False)

    def forward(self, prompt=None, messages=None, **kwargs):
        request = messages[-1]["content"]
        if "proposed_instruction" in request:
            text = f"[[ ## proposed_instruction ## ]]\n{PROPOSED}\n\n[[ ## completed ## ]]"
        elif "`[[ ## label ## ]]`" in request:
            seen.add(messages[0]["content"].rsplit("your objective is:", 1)[1].strip())
            text = "[[ ## label ## ]]\nrefund\n\n[[ ## completed ## ]]"
        else:
            field = request.rsplit("`[[ ## ", 2)[1].split(" ##")[0]
            text = f"[[ ## {field} ## ]]\nmessages\n\n[[ ## completed ## ]]"
        message = types.SimpleNamespace(content=text, tool_calls=None)
        choice = types.SimpleNamespace(message=message, finish_reason="stop")
        return types.SimpleNamespace(choices=[choice], usage={}, model="scripted")


dspy.configure(lm=Scripted())
rows = [dspy.Example(text=f"message {k}", label="refund").with_inputs("text") for k in range(8)]
optimizer = MIPROv2(
    metric=lambda gold, pred, trace=None: gold.label == pred.label,
    auto=None, num_candidates=3, max_bootstrapped_demos=0, max_labeled_demos=0, num_threads=1,
)
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    optimizer.compile(
        dspy.Predict(dspy.Signature("text -> label", "Label it.")),
        trainset=rows, valset=rows, num_trials=12, minibatch=False,
    )
print("proposed:", PROPOSED)
print("measured:", sorted(seen))
assert seen == {"Label it.", "refund, exchange."}, seen
PY
DSPY_CACHEDIR="$folder/cache" "$folder/venv/bin/python" "$folder/check.py"
