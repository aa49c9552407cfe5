"""What all drivers share: jobs from standard input, the served world, the count of calls, one line of JSON for each search.

A job is a line {"url", "seed", "budget", "settings"}; the answer is a line {"best": text, "note": text}. The model, the rows and the
edits are those of a simulated world (world-server.ts); each library searches by its own rules. `ordered` counts what a user
would pay for: at temperature 0 a request that was made before is answered from memory.
"""

import http.client
import json
import os
import sys
import traceback
import types
import urllib.parse

SECONDS = 240


class BudgetSpent(Exception):
    """No task call is left."""


class World:
    """One search: its rows, its calls, its budget."""

    def __init__(self, job):
        address = urllib.parse.urlparse(job["url"])
        self.path = address.path
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=SECONDS)
        self.seed = job["seed"]
        self.budget = job["budget"]
        self.settings = job["settings"]
        self.ordered = 0
        self.hard_stop = None
        self.answers = None
        self.proposals = None
        self.proposed = 0
        task = self._request("GET", "/task")
        self.start, self.labels = task["start"], task["labels"]
        self.rows, self.examples = task["rows"], task["examples"]

    @property
    def left(self):
        return self.budget - self.ordered

    def answer(self, messages):
        """The label that the task model gives; raises BudgetSpent past a hard stop."""
        return self.complete("world-task", messages)["choices"][0]["message"]["content"]

    def answer_all(self, requests):
        """Answers to many task requests at once, each {"text", "costUsd", ...}; raises BudgetSpent where a hard stop cuts them off."""
        most = 10**9 if self.hard_stop is None else self.hard_stop
        reply = self._request("POST", "/batch", {"requests": requests, "orderedMax": most})
        self.ordered = reply["counts"]["ordered"]
        if None in reply["answers"]:
            raise BudgetSpent()
        return reply["answers"]

    def propose(self, messages):
        return self.complete("world-proposer", messages)["choices"][0]["message"]["content"]

    def remembers_proposals(self):
        """From now on a second pass over the same search gets the answers of the first."""
        self.answers, self.proposals = {}, []

    def rewind(self):
        self.proposed = 0

    def complete(self, model, messages):
        if model == "world-proposer" and self.proposals is not None:
            self.proposed += 1
            if self.proposed > len(self.proposals):
                self.proposals.append(self._complete(model, messages))
            return self.proposals[self.proposed - 1]
        if self.answers is None:
            return self._complete(model, messages)
        key = json.dumps(messages)
        if key not in self.answers:
            self.answers[key] = self._complete(model, messages)
        return self.answers[key]

    def _complete(self, model, messages):
        if model == "world-task" and self.hard_stop is not None and self.ordered >= self.hard_stop:
            raise BudgetSpent()
        reply = self._request("POST", "/v1/chat/completions", {"model": model, "messages": messages})
        self.ordered = reply["counts"]["ordered"]
        return reply

    def _request(self, method, path, body=None):
        self.connection.request(
            method,
            self.path + path,
            None if body is None else json.dumps(body),
            {"content-type": "application/json"},
        )
        response = self.connection.getresponse()
        text = response.read()
        if response.status != 200:
            raise RuntimeError(f"the world answered {response.status}: {text[:500]!r}")
        return json.loads(text)


def user(text):
    return [{"role": "user", "content": text}]


def chat(system, text):
    return [{"role": "system", "content": system}, {"role": "user", "content": text}]


def as_completion(text):
    """An answer in the shape of an OpenAI client's objects."""
    message = types.SimpleNamespace(content=text, tool_calls=None)
    choice = types.SimpleNamespace(message=message, finish_reason="stop")
    return types.SimpleNamespace(choices=[choice], usage={}, model="world")


def serve(search):
    """Runs `search(world) -> (best prompt, note)` for each job; what the libraries print goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        try:
            best, note = search(World(json.loads(line)))
            answer = {"best": best, "note": note}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)
