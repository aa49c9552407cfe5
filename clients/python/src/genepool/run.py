"""What a caller tells about one run, as the registry's journal reads it."""

from __future__ import annotations

import json
import math
import uuid
from datetime import datetime, timezone
from typing import Any, Dict, Iterable, Mapping, NamedTuple, Optional

from .prompt import Prompt


class EncodedRun(NamedTuple):
    run_id: str
    #: JSON, encoded when it was reported: what the caller changes later changes nothing.
    data: bytes


def encode_run(
    agent_type: str,
    outcome: str,
    *,
    prompt: Optional[Prompt] = None,
    run_id: Optional[str] = None,
    trace_id: Optional[str] = None,
    benchmark_id: Optional[str] = None,
    cost_usd: float = 0.0,
    input_tokens: int = 0,
    output_tokens: int = 0,
    latency_ms: float = 0.0,
    model: Optional[str] = None,
    simulated: bool = False,
    error_signature: Optional[str] = None,
    failure: Optional[Mapping[str, Any]] = None,
    started_at: Optional[datetime] = None,
    steps: Iterable[Mapping[str, Any]] = (),
) -> EncodedRun:
    """Raises TypeError or ValueError for what cannot be a run."""
    if outcome not in ("success", "failure"):
        raise ValueError(f'outcome must be "success" or "failure", not {outcome!r}')
    amounts = {
        "costUsd": cost_usd,
        "inputTokens": input_tokens,
        "outputTokens": output_tokens,
        "latencyMs": latency_ms,
    }
    for name, amount in amounts.items():
        if not math.isfinite(amount) or amount < 0:
            raise ValueError(f"{name} must be a number from 0, not {amount!r}")
    if started_at is None:
        started_at = datetime.now(timezone.utc)
    if started_at.tzinfo is None:
        raise ValueError("started_at must have a time zone, such as datetime.now(timezone.utc)")
    identity = run_id or str(uuid.uuid4())
    run: Dict[str, Any] = {
        "runId": identity,
        "agentType": agent_type,
        "outcome": outcome,
        **amounts,
        "simulated": simulated,
        # Milliseconds and "Z": what every reader of ISO 8601 takes.
        "startedAt": started_at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "steps": [dict(step) for step in steps],
    }
    optional = {
        "promptId": None if prompt is None else prompt.prompt_id,
        "traceId": trace_id,
        "benchmarkId": benchmark_id,
        "model": model,
        "errorSignature": error_signature,
        "failure": None if failure is None else dict(failure),
    }
    run.update({name: value for name, value in optional.items() if value is not None})
    # The journal keeps what a step held even where JSON has no word for it.
    return EncodedRun(identity, json.dumps(run, default=str, allow_nan=False).encode("ascii"))
