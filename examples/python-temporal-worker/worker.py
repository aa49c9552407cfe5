"""An agent as a Temporal worker with the one activity that Genepool calls. A word list stands in for a model."""
import asyncio, hashlib, os
from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

GOOD = {"great", "love", "excellent", "wonderful", "happy", "perfect", "fine", "best"}


@activity.defn(name="execute_benchmark")
async def execute_benchmark(trial: dict) -> dict:
    prompt = trial["prompts"][trial["agent_type"]]
    asked = " ".join(m["content"] for m in prompt["messages"]).lower()
    text = trial["benchmark"]["input"].lower()
    label = "positive" if GOOD & set(text.replace(".", " ").replace(",", " ").split()) else "negative"
    # What a real model does too: the clearer the prompt, the more often its answer can be used.
    clear = sum(hint in asked for hint in ("only", "exactly", "label", "check", "example", "before"))
    luck = hashlib.sha256(f"{text}{trial['seed']}{trial['repeat']}".encode()).digest()[0] / 256
    return {"contract": 1, "output": "I cannot tell." if luck > 0.4 + 0.2 * clear else label, "cost_usd": 0}


async def main() -> None:
    address, namespace = os.environ.get("TEMPORAL_ADDRESS", "localhost:7233"), os.environ.get("TEMPORAL_NAMESPACE", "default")
    client = await Client.connect(address, namespace=namespace)
    print("listening", flush=True)
    await Worker(client, task_queue=os.environ.get("TASK_QUEUE", "my-agent"), activities=[execute_benchmark]).run()


asyncio.run(main())
