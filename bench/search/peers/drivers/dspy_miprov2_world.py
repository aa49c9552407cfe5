"""MIPROv2 (Opsahl-Ong et al. 2024, arXiv 2406.11695) as dspy 3.4.1 runs it, in a label world, with examples.

Settings: candidates, val, minibatch, fullEvery, bootstrapped, labeled. Its stop rule is a number of trials, and it counts answers that are
known. So it gets as many trials as bring the calls that are paid for to the budget: a run that would pass it by more than 5 % is
begun again with a tenth less. What was asked before is then known, so the calls of all attempts together stay in the budget.
"""

import logging
import random

import dspy
from dspy.teleprompt import MIPROv2
from dspy_world import Labeller, LabelAdapter, WorldModel, examples_of, prompt_with
from world_search import BudgetSpent, serve

OVER = 1.05


STRETCH = 1.6
ATTEMPTS_MAX = 12


def search(world):
    logging.disable(logging.CRITICAL)
    world.hard_stop = int(world.budget * OVER)
    world.remembers_proposals()
    trials = int(STRETCH * trials_for(world, world.settings))
    for _ in range(ATTEMPTS_MAX):
        try:
            return compiled(world, trials)
        except BudgetSpent:
            trials = max(1, int(0.9 * trials))
    raise RuntimeError(f"{trials} trials are too many")


def compiled(world, trials):
    settings = world.settings
    world.rewind()
    rows = list(world.rows)
    random.Random(f"{world.seed}/miprov2").shuffle(rows)
    val = examples_of(rows[: settings["val"]])
    train = examples_of(world.examples)
    with dspy.context(lm=WorldModel(world, "world-task"), adapter=LabelAdapter(), disable_history=True):
        optimizer = MIPROv2(
            metric=lambda gold, pred, trace=None: pred.label.strip() == gold.label,
            prompt_model=WorldModel(world, "world-proposer"),
            auto=None,
            num_candidates=settings["candidates"],
            max_bootstrapped_demos=settings["bootstrapped"],
            max_labeled_demos=settings["labeled"],
            num_threads=1,
            max_errors=1,
            seed=world.seed,
        )
        program = optimizer.compile(
            Labeller(world.start),
            trainset=train,
            valset=val,
            num_trials=trials,
            minibatch_size=settings["minibatch"],
            minibatch_full_eval_steps=settings["fullEvery"],
            minibatch=settings["minibatch"] < settings["val"],
        )
        best = program.predict
    return prompt_with(best.signature.instructions, best.demos), f"{trials} trials, score {program.score}"


def trials_for(world, settings):
    """Trials whose minibatches and full evaluations fit into the calls, after the first full evaluation and the bootstrap."""
    minibatch, val, every = settings["minibatch"], settings["val"], settings["fullEvery"]
    bootstrap = int(settings["candidates"] * settings["bootstrapped"] * 1.5)
    left = world.budget - val - bootstrap
    if minibatch >= val:
        return max(1, left // val)
    trials = 1
    while cost_of(trials + 1, minibatch, val, every) <= left:
        trials += 1
    return trials


def cost_of(trials, minibatch, val, every):
    return trials * minibatch + (trials // every + 1) * val


serve(search)
