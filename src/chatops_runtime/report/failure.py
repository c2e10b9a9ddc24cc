"""The message for a command that came to no verdict: a state of its machine failed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_runtime.report import lookup
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report

LONGEST_CAUSE = 600
_LONGEST_NAME = 100

# Step Functions puts the service before the error's name, as in `Ssm.AccessDeniedException`. `States.…` are its own
# errors, whose names say little without it: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
_SERVICES = {"Ssm": "Systems Manager", "Lambda": "Lambda", "Ec2": "EC2", "Sfn": "Step Functions"}


def render(report: Report, outcome: dict[str, Any]) -> Message:
    """What went wrong, in whose words, and where to look further."""
    lines = [f":x: {report.command} could not be carried out: {mrkdwn.literal(reason(outcome))} {report.origin}"]
    service, _ = _source(str(outcome.get("error") or ""))
    if service:
        lines.append(f"{service} answered that.")
    return Message("\n".join([*lines, lookup.advice(report)]))


def reason(outcome: dict[str, Any]) -> str:
    """The name of the error and its cause, as a text of one line that is not escaped yet."""
    _, name = _source(str(outcome.get("error") or ""))
    name, cause = _told_by_function(name, str(outcome.get("cause") or ""))
    return ": ".join(filter(None, [name, cause])) or "an error without a name"


def _source(error: str) -> tuple[str | None, str]:
    prefix, _, name = error.partition(".")
    service = _SERVICES.get(prefix) if name else None
    return service, one_line(name if service else error, _LONGEST_NAME)


def _told_by_function(name: str, cause: str) -> tuple[str, str]:
    """The type and the message of a function's exception, whose cause is JSON with a stack that helps nobody here.

    https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
    """
    try:
        told = json.loads(cause)
    except ValueError:
        told = None
    if isinstance(told, dict) and "errorMessage" in told:
        name = one_line(str(told.get("errorType") or name), _LONGEST_NAME)
        cause = str(told["errorMessage"])
    return name, one_line(cause, LONGEST_CAUSE)
