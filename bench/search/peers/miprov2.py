"""MIPROv2 (Opsahl-Ong et al. 2024, arXiv 2406.11695) from the package dspy, on rows with labels, with few-shot examples.

    python miprov2.py --rows search.jsonl --test test.jsonl --prompts prompts.json --calls 400 --seed 1

Examples are sent as turns of a conversation and the answer is its first label: the forms that a small model can follow.
Instructions are scripted rewrites, since the model cannot write any; examples and the search are the package's own.
"""

import json
import logging
import os
import tempfile
import types

os.environ.setdefault("DSPY_CACHEDIR", tempfile.mkdtemp())
import dspy  # noqa: E402
from dspy.teleprompt import MIPROv2  # noqa: E402
from label_task import BudgetSpent, Model, arguments, draws_of, first_label, report, rewrite, rows_of  # noqa: E402

MINIBATCH = 20
CANDIDATES = 6
VALIDATION = 60
FULL_EVALUATION_EVERY = 6


def messages_of(instruction, demos, text):
    turns = [
        turn
        for demo in demos
        for turn in (
            {"role": "user", "content": demo["text"]},
            {"role": "assistant", "content": demo["label"]},
        )
    ]
    return [{"role": "system", "content": instruction}, *turns, {"role": "user", "content": text}]


class LabelAdapter(dspy.Adapter):
    """The instruction as the system's message, each example as two turns, the text as the last one."""

    def format(self, signature, demos, inputs):
        return messages_of(signature.instructions, demos, inputs["text"])

    def parse(self, signature, completion):
        return {"label": completion}


class ServedModel(dspy.BaseLM):
    def __init__(self, model):
        super().__init__(model="local", model_type="chat", temperature=0.0, max_tokens=16, cache=False)
        self.served = model

    def forward(self, prompt=None, messages=None, **kwargs):
        text = self.served.answer(messages)
        message = types.SimpleNamespace(content=text, tool_calls=None)
        choice = types.SimpleNamespace(message=message, finish_reason="stop")
        return types.SimpleNamespace(choices=[choice], usage={}, model="local")


class ScriptedProposals(MIPROv2):
    """The package's optimizer with a scripted step for what a large model would write."""

    scripted = ()

    def _propose_instructions(self, program, *args, **kwargs):
        (predictor,) = program.predictors()
        return {0: [predictor.signature.instructions, *self.scripted]}


class Labeller(dspy.Module):
    def __init__(self, instruction):
        super().__init__()
        self.predict = dspy.Predict(dspy.Signature("text -> label", instruction))

    def forward(self, text):
        return self.predict(text=text)


def main():
    options = arguments(__doc__)
    logging.disable(logging.ERROR)
    rows = rows_of(options.rows)
    labels = rows[0]["labels"]
    model = Model(options.url, options.calls)
    draws = draws_of(options.seed, "miprov2")
    manual = json.loads(options.prompts.read_text())["manual"]
    examples = [dspy.Example(text=row["input"], label=row["expected"]).with_inputs("text") for row in rows]
    draws.shuffle(examples)
    tried = []

    def metric(example, prediction, trace=None):
        return first_label(prediction.label or "", labels) == example.label

    dspy.configure(lm=ServedModel(model), adapter=LabelAdapter())
    optimizer = ScriptedProposals(
        metric=metric,
        auto=None,
        num_candidates=CANDIDATES,
        max_bootstrapped_demos=3,
        max_labeled_demos=4,
        num_threads=1,
        max_errors=1,
        seed=options.seed,
    )
    optimizer.scripted = [rewrite(draws, draws.choice(manual), manual) for _ in range(CANDIDATES - 1)]
    start = Labeller(draws.choice(manual))
    program = start
    try:
        program = optimizer.compile(
            start,
            trainset=examples[VALIDATION:],
            valset=examples[:VALIDATION],
            num_trials=trials_for(options.calls),
            minibatch_size=MINIBATCH,
            minibatch_full_eval_steps=FULL_EVALUATION_EVERY,
        )
    except BudgetSpent:
        tried.append("cut off")
    best = program.predict
    report(
        "miprov2" if not tried else "miprov2 (cut off)",
        options,
        model,
        lambda text: messages_of(best.signature.instructions, best.demos, text),
    )


def trials_for(calls):
    """As many trials as the calls allow: a full evaluation first and after every few trials, and the bootstrap's runs."""
    bootstrap = CANDIDATES * 4
    per_round = FULL_EVALUATION_EVERY * MINIBATCH + VALIDATION
    left = calls - bootstrap - VALIDATION
    return max(1, int(left / per_round * FULL_EVALUATION_EVERY))


if __name__ == "__main__":
    main()
