"""Ours: a producer that publishes with `FanOut`, and a consumer that calls the API."""

import os
from http.client import HTTPConnection
from typing import Any

from chatops_runtime import FanOut, Job


def produce(event: dict[str, Any], context: object) -> int:
    """Publish so many jobs of a run."""
    del context
    return FanOut().publish((Job(f"{event['run']}-{number}") for number in range(event["jobs"])), run=event["run"])


def call(job: Job) -> None:
    """Call the API once."""
    connection = HTTPConnection("127.0.0.1", int(os.environ["API_PORT"]), timeout=30)
    try:
        connection.request("POST", "/", body=str(job.body))
        status = connection.getresponse().status
    finally:
        connection.close()
    if status != 200:
        raise RuntimeError(f"the API answered {status}")
