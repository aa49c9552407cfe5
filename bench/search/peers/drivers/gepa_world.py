"""GEPA (Agrawal et al. 2025, arXiv 2507.19457) from its authors' package gepa 0.1.4, in a label world.

Settings: val (rows of the validation set), minibatch, merge, selection, acceptance. The budget is the package's own stop rule, which
looks once per step; it is set so low that a step that is accepted ends at most 5 % over.
"""

import random

import gepa
from gepa.adapters.default_adapter.default_adapter import DefaultAdapter, EvaluationResult
from world_search import serve, user

OVER = 1.05


class Quiet:
    def log(self, message):
        pass


class BatchModel:
    """The world where the package's own adapter expects its batches to go."""

    def __init__(self, world):
        self.world = world

    def batch_complete(self, requests, max_workers=None):
        return [answer["text"] for answer in self.world.answer_all(requests)]


def adapter_of(world):
    adapter = DefaultAdapter(model=world.answer, evaluator=evaluator)
    adapter._lm = BatchModel(world)
    return adapter


def evaluator(row, response):
    right = response.strip() == row["answer"]
    feedback = "Right." if right else f'Answered "{response}" instead of "{row["answer"]}".'
    return EvaluationResult(score=float(right), feedback=feedback, objective_scores=None)


def search(world):
    settings = world.settings
    rows = [
        {"input": row["input"], "answer": row["expected"], "additional_context": {}} for row in world.rows
    ]
    random.Random(f"{world.seed}/gepa").shuffle(rows)
    val, train = rows[: settings["val"]], rows[settings["val"] :]
    step = 2 * settings["minibatch"] + settings["val"]
    limit = int(world.budget * OVER) - step
    result = gepa.optimize(
        seed_candidate={"prompt": world.start},
        trainset=train,
        valset=val,
        adapter=adapter_of(world),
        reflection_lm=lambda prompt: world.propose(user(prompt)),
        reflection_minibatch_size=settings["minibatch"],
        candidate_selection_strategy=settings["selection"],
        acceptance_criterion=settings["acceptance"],
        use_merge=settings["merge"],
        # At temperature 0 an answer that is known is not paid for again; the package's own count includes it.
        stop_callbacks=[lambda state: world.ordered > limit],
        logger=Quiet(),
        seed=world.seed,
    )
    return result.best_candidate["prompt"], f"{len(result.candidates)} candidates"


serve(search)
