"""GEPA as dspy 3.4.1 runs it, in a label world.

Settings: val (rows of the validation set), minibatch, merge.
"""

import logging
import random

import dspy
from dspy_world import Labeller, LabelAdapter, WorldModel, examples_of
from world_search import serve

OVER = 1.05


def metric(gold, pred, trace=None, pred_name=None, pred_trace=None):
    right = pred.label.strip() == gold.label
    feedback = "Right." if right else f'Answered "{pred.label}" instead of "{gold.label}".'
    return dspy.Prediction(score=float(right), feedback=feedback)


def search(world):
    logging.disable(logging.CRITICAL)
    settings = world.settings
    rows = list(world.rows)
    random.Random(f"{world.seed}/dspy-gepa").shuffle(rows)
    val, train = rows[: settings["val"]], rows[settings["val"] :]
    step = 2 * settings["minibatch"] + settings["val"]
    limit = int(world.budget * OVER) - step
    task = WorldModel(world, "world-task")
    with dspy.context(lm=task, adapter=LabelAdapter(), disable_history=True):
        optimizer = dspy.GEPA(
            metric=metric,
            # The stop rule below ends the search; this one only has to lie beyond it.
            max_metric_calls=10 * world.budget,
            reflection_minibatch_size=settings["minibatch"],
            reflection_lm=WorldModel(world, "world-proposer"),
            use_merge=settings["merge"],
            num_threads=1,
            track_stats=True,
            seed=world.seed,
            gepa_kwargs={"stop_callbacks": [lambda state: world.ordered > limit]},
        )
        best = optimizer.compile(Labeller(world.start), trainset=examples_of(train), valset=examples_of(val))
    return best.predict.signature.instructions, f"{len(best.detailed_results.candidates)} candidates"


serve(search)
