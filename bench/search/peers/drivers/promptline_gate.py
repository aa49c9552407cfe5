"""Size and power of promptline-opt 0.1.1's gate for one candidate, exact but for the package's own bootstrap, where answers repeat.

    python promptline_gate.py 50 100 250

Each argument is the number of rows of the dev set and of the val set; a gate takes four times as many calls. On a row the candidate
wins, loses or ties; which counts of wins and losses pass is asked of the package's functions, how likely they are is the trinomial's.
"""

import json
import math
import sys

import numpy
from promptline.eval.stats import bootstrap_pvalue, paired_bootstrap_ci

ALPHA = 0.05
# Chances of a win and of a loss on a row. Of a null the share of rows swapped, half each way; of a gain also 3 % that are lost.
WORLDS = {
    "null: 0.15 swapped": (0.075, 0.075),
    "null: 0.3 swapped": (0.15, 0.15),
    "null: 0.5 swapped": (0.25, 0.25),
    "0.3 to 0.6": (0.33, 0.03),
    "0.4 to 0.6": (0.23, 0.03),
}


def deltas(wins, losses, rows):
    return numpy.array([1.0] * wins + [-1.0] * losses + [0.0] * (rows - wins - losses))


def passes_dev(values):
    return bootstrap_pvalue(values) <= ALPHA and values.mean() > 0


def passes_val(values):
    return paired_bootstrap_ci(values, alpha=ALPHA)[1] > 0


def fewest_wins(rule, losses, rows):
    """Fewest wins that pass beside so many losses; more wins pass as well. None where no number does."""
    low, high = losses, rows - losses
    if high < low or not rule(deltas(high, losses, rows)):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if rule(deltas(middle, losses, rows)) else (middle + 1, high)
    return low


def chance(rule_table, rows, win, loss):
    total = 0.0
    for losses, wins in rule_table.items():
        for count in range(wins, rows - losses + 1):
            ties = rows - losses - count
            total += math.exp(
                math.lgamma(rows + 1)
                - math.lgamma(count + 1)
                - math.lgamma(losses + 1)
                - math.lgamma(ties + 1)
                + count * math.log(win)
                + losses * math.log(loss)
                + ties * math.log(1 - win - loss)
            )
    return total


def table(rule, rows):
    # Beyond these losses a win is out of question in every world above.
    found = {losses: fewest_wins(rule, losses, rows) for losses in range(min(rows // 2, 8 + rows // 3) + 1)}
    return {losses: wins for losses, wins in found.items() if wins is not None}


for rows in map(int, sys.argv[1:]):
    dev, val = table(passes_dev, rows), table(passes_val, rows)
    for name, (win, loss) in WORLDS.items():
        promoted = chance(dev, rows, win, loss) * chance(val, rows, win, loss)
        print(json.dumps({"rows": rows, "calls": 4 * rows, "world": name, "promoted": round(promoted, 6)}), flush=True)
