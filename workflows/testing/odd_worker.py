"""A foreign worker that answers in every wrong way; the benchmark's id says which."""

import asyncio
import os
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker


@activity.defn(name="execute_benchmark")
async def execute_benchmark(request: dict[str, Any]) -> Any:
    way = request["benchmark"]["id"]
    if way == "nan":
        return {"score": float("nan")}
    if way == "infinity":
        return {"score": float("inf")}
    if way == "slow":
        await asyncio.sleep(30)
    if way == "bad input":
        raise ValueError("no such benchmark")
    if way == "final":
        raise ApplicationError("quota used up", type="Quota", non_retryable=True)
    if way == "twice":
        if activity.info().attempt < 3:
            raise RuntimeError("not yet")
        return {"attempt": activity.info().attempt}
    if way == "large":
        return {"output": "x" * 3_000_000}
    return {"score": 0.5, "echo": request}


async def main() -> None:
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"], namespace=os.environ["TEMPORAL_NAMESPACE"])
    print("listening", flush=True)
    await Worker(client, task_queue=os.environ["TASK_QUEUE"], activities=[execute_benchmark]).run()


asyncio.run(main())
