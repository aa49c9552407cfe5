"""Runs benchmarks in your own agent: a Temporal worker with the one activity that Genepool calls."""

import asyncio
import os
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker


@activity.defn(name="execute_benchmark")
async def execute_benchmark(request: dict[str, Any]) -> dict[str, Any]:
    """Replace the middle line by your agent; `output` is graded by Genepool, or return `score` (0 to 1, or null)."""
    text = request["benchmark"]["input"]
    output = text["question"] if isinstance(text, dict) else str(text)
    return {"output": output, "cost_usd": 0.0, "latency_ms": 1, "trace": []}


async def main() -> None:
    client = await Client.connect(
        os.environ.get("TEMPORAL_ADDRESS", "localhost:7233"),
        namespace=os.environ.get("TEMPORAL_NAMESPACE", "default"),
    )
    queue = os.environ.get("TASK_QUEUE", "my-agent")
    print(f"listening on {queue}", flush=True)
    await Worker(client, task_queue=queue, activities=[execute_benchmark]).run()


if __name__ == "__main__":
    asyncio.run(main())
