#!/usr/bin/env bash
# dspy 3.4.1: `MIPROv2.compile(seed=0)` runs with the seed of the constructor, 9 unless said, as if no seed had been given.
# Expected: seeds 0, 1 and 9 give three orders of trials. Seen: seed 0 gives the trials of seed 9, seed 1 gives others.
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


class Scripted(dspy.BaseLM):
    def __init__(self):
        super().__init__(model="scripted", cache=False)
        self.asked = []

    def forward(self, prompt=None, messages=None, **kwargs):
        request = messages[-1]["content"]
        field = request.rsplit("`[[ ## ", 2)[1].split(" ##")[0]
        if field == "label":
            self.asked.append((messages[0]["content"].rsplit("your objective is:", 1)[1].strip(), request))
        text = f"[[ ## {field} ## ]]\nanswer {len(self.asked)} {len(request)}\n\n[[ ## completed ## ]]"
        message = types.SimpleNamespace(content=text, tool_calls=None)
        choice = types.SimpleNamespace(message=message, finish_reason="stop")
        return types.SimpleNamespace(choices=[choice], usage={}, model="scripted")


def requests_with(seed):
    model = Scripted()
    rows = [dspy.Example(text=f"message {k}", label="refund").with_inputs("text") for k in range(20)]
    with dspy.context(lm=model), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        MIPROv2(
            metric=lambda gold, pred, trace=None: len(pred.label) % 2 == 0,
            auto=None, num_candidates=4, max_bootstrapped_demos=0, max_labeled_demos=0, num_threads=1,
        ).compile(
            dspy.Predict(dspy.Signature("text -> label", "Label it.")),
            trainset=rows, valset=rows, num_trials=10, minibatch_size=5, seed=seed,
        )
    return model.asked


zero, one, nine = (requests_with(seed) for seed in (0, 1, 9))
print(f"compile(seed=0) asks what compile(seed=9) asks: {zero == nine}; what compile(seed=1) asks: {zero == one}")
assert zero == nine and zero != one
PY
DSPY_CACHEDIR="$folder/cache" "$folder/venv/bin/python" "$folder/check.py"
