"""CAPO (Zehle et al. 2025, arXiv 2504.16005) from its authors' package promptolution 2.3.0, in a label world.

Settings: population, block, blocks, crossovers, shots, alpha, penalty. Its stop rule is a number of steps; a step that would pass the
budget by more than 5 % is cut off, and the prompts of the last whole step are the answer, its best one first.
"""

import logging
import random
import re

import numpy
import pandas
from promptolution.llms.base_llm import BaseLLM
from promptolution.optimizers.capo import CAPO
from promptolution.predictors.base_predictor import BasePredictor
from promptolution.tasks.classification_tasks import ClassificationTask
from world_search import BudgetSpent, serve, user

OVER = 1.05
STEPS_MAX = 200


class TaskModel(BaseLLM):
    def __init__(self, world):
        super().__init__()
        self.world = world

    def _get_response(self, prompts, system_prompts):
        return [answer["text"] for answer in self.world.answer_all([user(prompt) for prompt in prompts])]


class Proposer(BaseLLM):
    def __init__(self, world):
        super().__init__()
        self.world = world

    def _get_response(self, prompts, system_prompts):
        return [self.world.propose(user(prompt)) for prompt in prompts]


class LabelPredictor(BasePredictor):
    def _extract_preds(self, preds):
        return [answer.strip() for answer in preds]


def search(world):
    logging.disable(logging.CRITICAL)
    settings = world.settings
    random.seed(world.seed)
    numpy.random.seed(world.seed)
    world.hard_stop = int(world.budget * OVER)
    task = ClassificationTask(
        frame_of(world.rows).sample(frac=1, random_state=world.seed),
        task_description="Put each message under its label.",
        x_column="x",
        y_column="y",
        n_subsamples=settings["block"],
        eval_strategy="sequential_block",
        seed=world.seed,
    )
    # A population begins with variations of the start, as many as it has members.
    initial = [world.start] + [varied(world) for _ in range(settings["population"] - 1)]
    optimizer = CAPO(
        predictor=LabelPredictor(TaskModel(world)),
        task=task,
        meta_llm=Proposer(world),
        initial_prompts=initial,
        crossovers_per_iter=settings["crossovers"],
        upper_shots=settings["shots"],
        max_n_blocks_eval=settings["blocks"],
        alpha=settings["alpha"],
        length_penalty=settings["penalty"],
        create_fs_reasoning=False,
        df_few_shots=frame_of(world.examples),
    )
    optimizer._pre_optimization_loop()
    prompts, steps = optimizer.prompts, 0
    try:
        while steps < STEPS_MAX and world.left > 0:
            prompts = optimizer._step()
            steps += 1
    except BudgetSpent:
        pass
    return text_of(prompts[0]), f"{steps} steps"


def varied(world):
    mutation = f"You receive a prompt for the following task: labels\nPrompt: {world.start}\n\nReturn the new prompt in the following format:"
    return re.search(r"<prompt>(.*)</prompt>", world.propose(user(mutation)), re.DOTALL).group(1)


def frame_of(rows):
    return pandas.DataFrame({"x": [row["input"] for row in rows], "y": [row["expected"] for row in rows]})


def text_of(prompt):
    """The prompt as one text: its examples as turns before the row's."""
    turns = "".join(
        "user:\n{}\nassistant:\n{}\n".format(*re.fullmatch(r"Input:\n(.*)\nOutput:\n(.*)", shot, re.DOTALL).groups())
        for shot in prompt.few_shots
    )
    head, marker, row = prompt.instruction.rpartition("user:\n")
    return f"{head}{turns}{marker}{row}" if marker else prompt.instruction


serve(search)
