"""What both optimizers of dspy 3.4.1 share: the world as dspy's model, and a program that puts a message under a label.

The task's instruction is the system's message, each example is two turns, the row is the last turn: the form of the world's
prompts. All other requests keep dspy's own forms.
"""

import os
import tempfile

os.environ.setdefault("DSPY_CACHEDIR", tempfile.mkdtemp())
import dspy  # noqa: E402
from dspy.adapters.chat_adapter import ChatAdapter  # noqa: E402
from world_search import as_completion  # noqa: E402


class LabelAdapter(ChatAdapter):
    def format(self, signature, demos, inputs):
        if "label" not in signature.output_fields:
            return super().format(signature, demos, inputs)
        turns = [
            turn
            for demo in demos
            for turn in (
                {"role": "user", "content": demo["text"]},
                {"role": "assistant", "content": demo["label"]},
            )
        ]
        return [
            {"role": "system", "content": signature.instructions},
            *turns,
            {"role": "user", "content": inputs["text"]},
        ]

    def parse(self, signature, completion):
        if "label" not in signature.output_fields:
            return super().parse(signature, completion)
        return {"label": completion}


class WorldModel(dspy.BaseLM):
    def __init__(self, world, model):
        super().__init__(model=model, model_type="chat", temperature=0.0, max_tokens=4000, cache=False)
        self.world = world

    def forward(self, prompt=None, messages=None, **kwargs):
        messages = messages or [{"role": "user", "content": prompt}]
        plain = [{"role": message["role"], "content": text_of(message["content"])} for message in messages]
        reply = self.world.complete(self.model, plain)
        return as_completion(reply["choices"][0]["message"]["content"])

    def __deepcopy__(self, memo):
        return self


def text_of(content):
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


class Labeller(dspy.Module):
    def __init__(self, instruction):
        super().__init__()
        self.predict = dspy.Predict(dspy.Signature("text -> label", instruction))

    def forward(self, text):
        return self.predict(text=text)


def examples_of(rows):
    return [dspy.Example(text=row["input"], label=row["expected"]).with_inputs("text") for row in rows]


def prompt_with(instruction, demos):
    """The prompt as one text: examples as turns before the row's."""
    turns = "".join(f"user:\n{demo['text']}\nassistant:\n{demo['label']}\n" for demo in demos)
    head, marker, row = instruction.rpartition("user:\n")
    return f"{head}{turns}{marker}{row}" if marker else instruction
