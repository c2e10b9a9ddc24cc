"""Some hundreds of calls of an API: what publishes them, and what makes one."""

from http.client import HTTPSConnection
from typing import Any

from chatops_runtime import FanOut, Job

API = "api.example.com"


def publish(event: dict[str, Any], context: object) -> int:
    """One job for each user; at the next scheduled time they are other jobs."""
    del context
    users = range(event["users"])
    return FanOut().publish((Job({"user": user}, attributes={"kind": "call"}) for user in users), run=event["time"])


def call(job: Job) -> None:
    """Make one call. What it raises is a job that failed, and is tried again."""
    connection = HTTPSConnection(API, timeout=5)
    try:
        connection.request("POST", f"/users/{job.body['user']}/refresh", headers={"Idempotency-Key": job.key})
        status = connection.getresponse().status
    finally:
        connection.close()
    if status >= 400:
        raise RuntimeError(f"the API answered {status}")
