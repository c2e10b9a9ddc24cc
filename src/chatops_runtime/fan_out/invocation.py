"""From Lambda's event to the user's function and back."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from chatops_runtime import embedded_metrics, log_line, user_function
from chatops_runtime.contracts import fan_out as contract
from chatops_runtime.fan_out.claims import Claims
from chatops_runtime.fan_out.consumer import Consumer, Outcome
from chatops_runtime.fan_out.queue import Queue
from chatops_runtime.fan_out.slots import Slots

# A call that hangs must not take the time of a job: DynamoDB and SQS answer within milliseconds.
_IMPATIENT = Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})

_UNITS = {
    contract.METRIC_DONE: embedded_metrics.COUNT,
    contract.METRIC_FAILED: embedded_metrics.COUNT,
    contract.METRIC_DUPLICATES: embedded_metrics.COUNT,
    contract.METRIC_GIVEN_BACK: embedded_metrics.COUNT,
    contract.METRIC_WAITED: embedded_metrics.MILLISECONDS,
}


def handler(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:  # noqa: ANN401 - it has no type
    """Call the function that `CHATOPS_HANDLER` names with each job of a batch, and say which are to come again.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting

    Raises:
        HandlerConfigurationError: There is no such function; all jobs come again.
    """
    began = time.monotonic()
    deadline = time.time() + context.get_remaining_time_in_millis() / 1000
    outcome = _consumer().consume(event["Records"], deadline)
    _tell(outcome, len(event["Records"]), context.aws_request_id, time.monotonic() - began)
    return {"batchItemFailures": [{"itemIdentifier": id} for id in outcome.coming_again]}


@cache
def _consumer() -> Consumer:
    table = os.environ.get(contract.TABLE, "")
    remembered = os.environ.get(contract.REMEMBERED_SECONDS)
    per_second = os.environ.get(contract.PER_SECOND)
    dynamodb = boto3.client("dynamodb", config=_IMPATIENT) if table else None
    return Consumer(
        run=user_function.load(user_function.name()),
        queue=Queue(
            boto3.client("sqs", config=_IMPATIENT),
            os.environ[contract.QUEUE_URL],
            retry_seconds=float(os.environ[contract.RETRY_SECONDS]),
            longest_retry_seconds=float(os.environ[contract.LONGEST_RETRY_SECONDS]),
        ),
        longest_job_seconds=float(os.environ[contract.LONGEST_JOB_SECONDS]),
        claims=Claims(dynamodb, table, remembered_seconds=float(remembered), now=time.time) if remembered else None,
        slots=Slots(dynamodb, table, per_second=float(per_second), now=time.time) if per_second else None,
        now=time.time,
        sleep=time.sleep,
    )


def _tell(outcome: Outcome, jobs: int, request_id: str, seconds: float) -> None:
    metrics = embedded_metrics.directive(_UNITS, namespace=contract.NAMESPACE, dimensions=[[contract.DIMENSION]])
    log_line.write(
        log_line.WARN if outcome.failed or outcome.given_back else log_line.INFO,
        "jobs",
        jobs=jobs,
        request_id=request_id,
        milliseconds=round(seconds * 1000),
        **embedded_metrics.marked(metrics, now=time.time()),
        **{
            contract.DIMENSION: os.environ[contract.NAME],
            contract.METRIC_DONE: outcome.done,
            contract.METRIC_FAILED: outcome.failed,
            contract.METRIC_DUPLICATES: outcome.duplicates,
            contract.METRIC_GIVEN_BACK: outcome.given_back,
            contract.METRIC_WAITED: round(outcome.waited * 1000),
        },
    )
