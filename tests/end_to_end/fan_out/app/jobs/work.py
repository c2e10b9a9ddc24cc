"""A producer, and consumers whose jobs say in their bodies what becomes of them."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from chatops_runtime import FanOut, Job


def produce(event: dict[str, Any], context: object) -> int:
    """Publish the jobs of an event."""
    del context
    return FanOut().publish([Job(**job) for job in event["jobs"]], run=event.get("run", ""))


def tell(key: str, body: object, attempt: int) -> None:
    """Say in the log that a job is begun."""
    sys.stdout.write(json.dumps({"job": key, "body": body, "attempt": attempt, "at": time.time()}) + "\n")
    sys.stdout.flush()


def work(job: Job) -> None:
    """Do as the job says, and say so."""
    tell(job.key, job.body, job.attempt)
    while_there = job.body.get("fails_while")
    if while_there and Path(while_there).exists():
        raise RuntimeError("as the job says")
    crashes_if = job.body.get("crashes_if")
    if crashes_if and Path(crashes_if).exists():
        Path(crashes_if).unlink()
        os._exit(1)
    time.sleep(job.body.get("takes", 0))
