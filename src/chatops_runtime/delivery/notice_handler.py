"""The entry point of what tells topics: `chatops_runtime.delivery.notice_handler.handler`."""

from __future__ import annotations

import json
import os
import time
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chatops_runtime import log_line
from chatops_runtime.contracts import delivery as contract
from chatops_runtime.delivery.notices import Notices
from chatops_runtime.delivery.pipeline import Pipeline

# https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
LONGEST_SUBJECT = 100


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ANN401 - Lambda's context has no type
    """Tell an event of CodePipeline to the topics that are to hear of it.

    It is told at least once: if a topic does not take it, Lambda invokes the function again.

    Raises:
        UnknownEventError: The event is none that is told.
        ClientError: A topic did not take it.
        BotoCoreError: SNS could not be reached.
    """
    began = time.monotonic()
    facts: dict[str, Any] = {}
    level = log_line.INFO
    try:
        notice = _notices().of(event)
        facts.update(outcome=notice["outcome"], execution=notice["execution"], detail=notice["detail"] or None)
        _tell(notice, json.loads(os.environ[contract.TOPICS]).get(notice["outcome"], []))
    except Exception as error:
        level = log_line.ERROR
        facts.update(trouble="not told", **log_line.describe(error))
        raise
    finally:
        log_line.write(
            level,
            "pipeline_notice",
            **facts,
            request_id=context.aws_request_id,
            milliseconds=round((time.monotonic() - began) * 1000),
        )


def _tell(notice: dict[str, Any], topics: list[str]) -> None:
    """To each topic, whatever becomes of the others."""
    text = json.dumps(notice, ensure_ascii=False)
    subject = notice["subject"][:LONGEST_SUBJECT]
    message = json.dumps({"default": notice["text"], "sms": subject, "sqs": text, "lambda": text}, ensure_ascii=False)
    troubles = [trouble for topic in topics if (trouble := _published(topic, subject, message)) is not None]
    if troubles:
        raise troubles[0]


def _published(topic: str, subject: str, message: str) -> ClientError | BotoCoreError | None:
    """What kept a topic from taking a message."""
    try:
        _sns().publish(TopicArn=topic, Subject=subject, MessageStructure="json", Message=message)
    except (ClientError, BotoCoreError) as error:
        return error
    return None


@cache
def _notices() -> Notices:
    arn = os.environ[contract.PIPELINE_ARN]
    stages = json.loads(os.environ[contract.STAGES])
    pipeline = Pipeline(boto3.client("codepipeline"), arn.rpartition(":")[2], stages)
    return Notices(pipeline, arn, {gate: name for name, gate in stages.items()})


@cache
def _sns() -> Any:  # noqa: ANN401 - boto3's clients have no type
    return boto3.client("sns")
