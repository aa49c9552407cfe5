"""What the peers on real rows share: the rows, the model behind its HTTP address, the count of task calls and the scripted proposer.

Every peer runs from its own package and searches by its own rules. It gets the same rows, the same model, the same initial
prompts and the same number of task calls as the others; a call that was made before is answered from memory and counts
once. The model under test is too small to rewrite prompts, so rewrites are scripted: seeded recombinations of fragments.
"""

import argparse
import json
import pathlib
import random
import re
import threading
import urllib.request

ANSWER_SECONDS = 120
ANSWER_TOKENS = 16
FRAGMENTS = [
    "Answer with one word only.",
    "Reply with the label and nothing else.",
    "Choose exactly one label from the list.",
    "Do not explain your choice.",
    "Read the whole text before you decide.",
    "Judge the overall tone, not single words.",
    "If you are unsure, choose the label that fits best.",
    "Write the label in lower case.",
]


class BudgetSpent(Exception):
    """No task call is left."""


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rows", type=pathlib.Path, required=True, help="JSONL to search on: input, expected, labels")
    parser.add_argument("--test", type=pathlib.Path, required=True, help="JSONL to measure the found prompt on")
    parser.add_argument("--prompts", type=pathlib.Path, required=True, help='JSON {"manual": [prompt, ...]}')
    parser.add_argument("--url", default="http://127.0.0.1:8090/v1")
    parser.add_argument("--calls", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    return parser.parse_args()


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def first_label(answer, labels):
    """The label that occurs first as words of its own; None for an answer that names none, which is wrong."""
    found = [
        (match.start(), label)
        for label in labels
        if (match := re.search(rf"(?<!\w){re.escape(label)}(?!\w)", answer, re.IGNORECASE))
    ]
    return min(found)[1] if found else None


class Model:
    """Asks the served model at temperature 0. Counts what a search asks anew and refuses past its budget."""

    def __init__(self, url, calls_max):
        self.url = url
        self.calls_max = calls_max
        self.calls = 0
        self.tokens = 0
        self.answer_tokens = 0
        self.known = {}
        self.lock = threading.Lock()

    def answer(self, messages):
        key = json.dumps(messages)
        with self.lock:
            if key in self.known:
                return self.known[key]
            if self.calls >= self.calls_max:
                raise BudgetSpent()
            self.calls += 1
        text = self.ask(messages)
        with self.lock:
            self.known[key] = text
        return text

    def ask(self, messages):
        body = {"model": "local", "messages": messages, "temperature": 0, "max_tokens": ANSWER_TOKENS}
        request = urllib.request.Request(
            f"{self.url}/chat/completions",
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as response:
            answer = json.load(response)
        with self.lock:
            self.tokens += answer["usage"]["total_tokens"]
            self.answer_tokens += answer["usage"]["completion_tokens"]
        return answer["choices"][0]["message"]["content"] or ""


def rewrite(draws, instruction, others):
    """A scripted stand-in for a proposer: drops, takes over or adds sentences, by seeded draws."""
    sentences = re.split(r"(?<=[.!?])\s+", instruction.strip())
    if len(sentences) > 2 and draws.random() < 0.3:
        sentences.pop(draws.randrange(1, len(sentences)))
    if others and draws.random() < 0.4:
        donor = re.split(r"(?<=[.!?])\s+", draws.choice(others).strip())
        sentences.append(draws.choice(donor))
    if draws.random() < 0.8:
        sentences.append(draws.choice(FRAGMENTS))
    return " ".join(dict.fromkeys(sentences))


def draws_of(seed, purpose):
    return random.Random(f"{seed}/{purpose}")


def report(method, options, model, messages_of):
    """Measures the found prompt on rows that no search saw and prints one line of JSON."""
    calls, spent_tokens = model.calls, model.tokens
    test = rows_of(options.test)
    before, answered_before = model.tokens, model.answer_tokens
    outcomes = [
        first_label(model.ask(messages_of(row["input"])), row["labels"]) == row["expected"] for row in test
    ]
    print(
        json.dumps(
            {
                "method": method,
                "seed": options.seed,
                "budget": options.calls,
                "calls": calls,
                "searchTokens": spent_tokens,
                "right": sum(outcomes),
                "n": len(outcomes),
                "outcomes": outcomes,
                "tokensPerCall": (model.tokens - before) / max(1, len(test)),
                "answerTokensPerCall": (model.answer_tokens - answered_before) / max(1, len(test)),
                "messages": messages_of("<row>"),
            }
        ),
        flush=True,
    )
