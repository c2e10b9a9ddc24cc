"""Publishes a batch until all of it is taken, or there is no hope."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chatops_runtime.fan_out.entry import Entry

    # By number in the batch, each with why it was not taken so far.
    Left = dict[str, tuple[Entry, str]]

# https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html and …/API_PublishBatch.html
_PASSING = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalErrorException",
        "KMSThrottling",
        "RequestTimeout",
        "ServiceUnavailable",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
    }
)
_SERVER_ERROR = 500
_NO_ANSWER = "neither taken nor refused"


@dataclass(frozen=True)
class Patience:
    """How often SNS is asked, and how long is waited in between.

    Attributes:
        attempts: How often, in all.
        first_wait: Seconds at most before the second one; twice as long each time.
        sleep: Waits so many seconds.
        chance: A number from 0 to 1: which part is waited of what may be waited, so that many producers do not come
            back together.
    """

    attempts: int = 6
    first_wait: float = 0.3
    sleep: Callable[[float], object] = time.sleep
    chance: Callable[[], float] = random.random

    def wait(self, attempt: int) -> None:
        """Wait after the so-many-eth attempt, from 0 on."""
        self.sleep(self.first_wait * 2**attempt * self.chance())


class Publisher:
    """Publishes batches to a topic. Once it is refused as a whole, it asks no more: the next batch would be as well."""

    def __init__(self, client: Any, topic_arn: str, patience: Patience) -> None:  # noqa: ANN401 - boto3's has no type
        """With boto3's SNS client."""
        self._client = client
        self._topic_arn = topic_arn
        self._patience = patience
        self._refused = ""

    def publish(self, batch: Sequence[Entry]) -> list[tuple[Entry, str]]:
        """Publish a batch; returns what could not be, each with the reason."""
        pending: Left = {str(number): (entry, "") for number, entry in enumerate(batch)}
        hopeless: Left = {}
        for attempt in range(self._patience.attempts):
            if self._refused:
                break
            if attempt:
                self._patience.wait(attempt - 1)
            pending, refused = self._try(pending)
            hopeless.update(refused)
            if not pending:
                break
        left = {**hopeless, **pending}
        return [(entry, reason or self._refused) for _, (entry, reason) in sorted(left.items())]

    def _try(self, pending: Left) -> tuple[Left, Left]:
        """One request; returns what may be tried again, and what is hopeless."""
        requests = [entry.to_request(id) for id, (entry, _) in pending.items()]
        try:
            answer = self._client.publish_batch(TopicArn=self._topic_arn, PublishBatchRequestEntries=requests)
        except Exception as error:  # noqa: BLE001 - whatever it is, the jobs are kept
            reason, passes = _read(error)
            if not passes:
                self._refused = reason
            return {id: (entry, reason) for id, (entry, _) in pending.items()}, {}
        taken = {each["Id"] for each in answer.get("Successful", [])}
        failed = {each["Id"]: each for each in answer.get("Failed", [])}
        again: Left = {}
        hopeless: Left = {}
        for id, (entry, _) in pending.items():
            if id in taken:
                continue
            failure = failed.get(id, {"Code": _NO_ANSWER})
            passes = failure["Code"] in _PASSING or not failure.get("SenderFault", False)
            (again if passes else hopeless)[id] = (entry, str(failure["Code"]))
        return again, hopeless


def _read(error: Exception) -> tuple[str, bool]:
    """What an error is called, and whether it may pass."""
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        # There was no answer: botocore's time-outs and broken connections.
        return type(error).__name__, _is_of_botocore(error)
    code = str(response.get("Error", {}).get("Code", type(error).__name__))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return code, code in _PASSING or status >= _SERVER_ERROR


def _is_of_botocore(error: Exception) -> bool:
    from botocore import exceptions  # noqa: PLC0415 - when there is trouble only

    return isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError)
