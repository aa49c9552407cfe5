"""Render JSON lines {id, template, context, options} by Jinja2 and print {id, output} or {id, error}."""

import json
import re
import signal
import sys

from jinja2 import StrictUndefined, Undefined
from jinja2.sandbox import SandboxedEnvironment

ADDRESS = re.compile(r"0x[0-9a-f]{8,}>|<built-in|<function|<bound method")
SECONDS = 10


def give_up(_signal, _frame):
    raise TimeoutError


def render(case):
    options = dict(case.get("options", {}))
    undefined = StrictUndefined if options.pop("undefined", "strict") == "strict" else Undefined
    options.pop("templates", None)
    environment = SandboxedEnvironment(undefined=undefined, **options)
    try:
        output = environment.from_string(case["template"]).render(case["context"])
        output.encode("utf-8")
    except TimeoutError:
        return {"id": case["id"], "skipped": "timeout"}
    except MemoryError:
        return {"id": case["id"], "skipped": "memory"}
    except Exception as error:
        return {"id": case["id"], "error": {"type": type(error).__name__, "message": str(error)[:200]}}
    if ADDRESS.search(output):
        return {"id": case["id"], "error": {"type": "Address", "message": "the output shows an address"}}
    return {"id": case["id"], "output": output}


signal.signal(signal.SIGALRM, give_up)
for line in sys.stdin:
    case = json.loads(line)
    signal.alarm(SECONDS)
    answer = render(case)
    signal.alarm(0)
    print(json.dumps(answer), flush=True)
