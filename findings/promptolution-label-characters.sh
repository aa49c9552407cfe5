#!/usr/bin/env bash
# promptolution 2.3.0: FirstOccurrencePredictor never finds a label with a space, an underscore or a hyphen; it reads the answer word by
# word and strips all but letters and digits, and an answer without a label counts as the first label.
# Expected: the label that the answer names. Seen: the answers "card_arrival", "lost-card" and "top up" all count as "refund".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check promptolution==2.3.0
cat >"$folder/check.py" <<'PY'
from promptolution.llms.base_llm import BaseLLM
from promptolution.predictors.first_occurrence_predictor import FirstOccurrencePredictor


class Echo(BaseLLM):
    def _get_response(self, prompts, system_prompts):
        return [prompt.split("\n")[-1] for prompt in prompts]


labels = ["refund", "card_arrival", "lost-card", "top up"]
predictor = FirstOccurrencePredictor(Echo(), classes=labels)
predicted, _ = predictor.predict(["Give the label."] * len(labels), labels)
for answer, label in zip(labels, predicted):
    print(f"the answer {answer!r} counts as {label!r}")
assert predicted == ["refund"] * 4, predicted
PY
"$folder/venv/bin/python" "$folder/check.py" 2>/dev/null
