"""CAPO (Zehle et al. 2025, arXiv 2504.16005) from its authors' package promptolution, on rows with labels.

    python capo.py --rows search.jsonl --test test.jsonl --prompts prompts.json --calls 400 --seed 1

Its predictor counts an answer without a label as the first label; here it is wrong, as for everybody else.
"""

import json
import logging
import random

import numpy
import pandas
from label_task import BudgetSpent, Model, arguments, draws_of, first_label, report, rewrite, rows_of
from promptolution.llms.base_llm import BaseLLM
from promptolution.optimizers.capo import CAPO
from promptolution.predictors.base_predictor import BasePredictor
from promptolution.tasks.classification_tasks import ClassificationTask

POPULATION = 6
BLOCK = 20
STEPS_MAX = 50


class TaskModel(BaseLLM):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def _get_response(self, prompts, system_prompts):
        return [self.model.answer([{"role": "user", "content": prompt}]) for prompt in prompts]


class Proposer(BaseLLM):
    """Answers the package's requests to merge and to rephrase with scripted rewrites."""

    def __init__(self, draws, prompts):
        super().__init__()
        self.draws = draws
        self.prompts = prompts

    def _get_response(self, prompts, system_prompts):
        return [f"<prompt>{self.one(request)}</prompt>" for request in prompts]

    def one(self, request):
        if "Prompt 1:" in request:
            mother, father = request.split("Prompt 1:")[1].split("Return the new")[0].split("Prompt 2:")
            return rewrite(self.draws, mother.strip(), [father.strip()])
        own = request.split("Prompt:")[1].split("Return the new")[0].strip()
        return rewrite(self.draws, own, self.prompts)


class LabelPredictor(BasePredictor):
    def __init__(self, llm, labels):
        super().__init__(llm)
        self.labels = labels
        self.extraction_description = f"The first of the labels {', '.join(labels)} in the answer counts."

    def _extract_preds(self, preds):
        return [first_label(answer, self.labels) or "" for answer in preds]


def main():
    options = arguments(__doc__)
    logging.disable(logging.ERROR)
    random.seed(options.seed)
    numpy.random.seed(options.seed)
    rows = rows_of(options.rows)
    model = Model(options.url, options.calls)
    draws = draws_of(options.seed, "capo")
    manual = json.loads(options.prompts.read_text())["manual"]
    initial = draws.sample(manual, min(POPULATION, len(manual)))
    frame = pandas.DataFrame({"x": [row["input"] for row in rows], "y": [row["expected"] for row in rows]})
    task = ClassificationTask(
        frame.sample(frac=1, random_state=options.seed),
        task_description="Give each text its label.",
        x_column="x",
        y_column="y",
        n_subsamples=BLOCK,
        eval_strategy="sequential_block",
        seed=options.seed,
    )
    optimizer = CAPO(
        predictor=LabelPredictor(TaskModel(model), rows[0]["labels"]),
        task=task,
        meta_llm=Proposer(draws, manual),
        initial_prompts=initial,
        upper_shots=5,
        max_n_blocks_eval=10,
        create_fs_reasoning=False,
        df_few_shots=task.pop_datapoints(n=20),
    )
    best = best_of(optimizer, model)
    report("capo", options, model, lambda text: [{"role": "user", "content": f"{best}\n{text}"}])


def best_of(optimizer, model):
    """Steps until no call is left; the prompts of the last whole step are the package's answer, its best one first."""
    prompts = optimizer.prompts
    try:
        optimizer._pre_optimization_loop()
        prompts = optimizer.prompts
        for _ in range(STEPS_MAX):
            prompts = optimizer._step()
            if model.calls >= model.calls_max:
                break
    except BudgetSpent:
        pass
    return prompts[0].construct_prompt()


if __name__ == "__main__":
    main()
