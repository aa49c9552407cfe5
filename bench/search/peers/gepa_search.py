"""GEPA (Agrawal et al. 2025, arXiv 2507.19457) from its authors' package gepa, on rows with labels.

    python gepa_search.py --rows search.jsonl --test test.jsonl --prompts prompts.json --calls 400 --seed 1

The model under test cannot reflect, so rewrites are scripted, as for the other peers; the search, its gate and its choice of parents
are the package's own. Settings are those that tuning chose in the label worlds (peers.ts).
"""

import json
import random
import re

import gepa
from gepa.adapters.default_adapter.default_adapter import EvaluationResult
from label_task import Model, arguments, draws_of, first_label, report, rewrite, rows_of

VALIDATION = 24
MINIBATCH = 3
OVER = 1.05
CURRENT = re.compile(r"to perform a task for me:\n```\n(.*?)\n```\n\nThe following are examples", re.DOTALL)


class Quiet:
    def log(self, message):
        pass


def messages_of(prompt, text):
    return [{"role": "system", "content": prompt}, {"role": "user", "content": text}]


def main():
    options = arguments(__doc__)
    rows = rows_of(options.rows)
    labels = rows[0]["labels"]
    # An accepted step ends beyond the limit by at most this much, which keeps it within 5 % of the calls.
    limit = int(options.calls * OVER) - 2 * MINIBATCH - VALIDATION
    model = Model(options.url, int(options.calls * OVER))
    draws = draws_of(options.seed, "gepa")
    manual = json.loads(options.prompts.read_text())["manual"]
    examples = [
        {"input": row["input"], "answer": row["expected"], "additional_context": {}} for row in rows
    ]
    random.Random(options.seed).shuffle(examples)

    def evaluator(row, answer):
        given = first_label(answer, labels)
        right = given == row["answer"]
        feedback = "Right." if right else f'Answered "{given}" instead of "{row["answer"]}".'
        return EvaluationResult(score=float(right), feedback=feedback, objective_scores=None)

    def reflect(request):
        current = CURRENT.search(request)
        if current is None:
            raise ValueError("the package asks in another form than gepa 0.1.4")
        return f"```\n{rewrite(draws, current.group(1), manual)}\n```"

    result = gepa.optimize(
        seed_candidate={"prompt": draws.choice(manual)},
        trainset=examples[VALIDATION:],
        valset=examples[:VALIDATION],
        task_lm=model.answer,
        evaluator=evaluator,
        reflection_lm=reflect,
        reflection_minibatch_size=MINIBATCH,
        stop_callbacks=[lambda state: model.calls > limit],
        logger=Quiet(),
        seed=options.seed,
    )
    best = result.best_candidate["prompt"]
    report("gepa", options, model, lambda text: messages_of(best, text))


if __name__ == "__main__":
    main()
