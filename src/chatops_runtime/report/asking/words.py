"""Words in between: what is said to who clicked, and the beginning of a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import asking as contract
from chatops_runtime.contracts import control
from chatops_runtime.contracts import report as reports
from chatops_runtime.log_line import LoggableError
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from chatops_runtime.slack import blocks
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.token_way import WayClosedError
from chatops_runtime.slack.web_client import SlackRefusedError

if TYPE_CHECKING:
    from chatops_runtime.report.delivery import Delivery


class LeftUnsaidError(LoggableError):
    """There is no room for it, or no way."""


def say(event: dict[str, Any], delivery: Delivery) -> None:
    """Say what `event` says, where it says, above a Cancel button if it has a handle for one.

    Raises:
        ResponseUrlRefusedError: Its response_url is not the team's.
        SlackRefusedError: Slack will not take it.
        SlackRetryable: Slack cannot take it now.
    """
    text, handle = event["text"], event.get("cancel")
    button = blocks.button("Cancel", action_id=control.CANCEL, value=handle) if handle else None
    message = Message(text, blocks=[blocks.section(text), blocks.actions([button])] if button else None)
    delivery.respond_at(event["response_url"], message, event["visible"])


def progress(event: dict[str, Any], delivery: Delivery) -> None:
    """Say the beginning of a result.

    Raises:
        LeftUnsaidError: Questions took what the response_url has to spare, or it is over.
        SlackRetryable: Slack cannot take it now.
    """
    outcome = {"status": reports.FINISHED, "result": event["result"]}
    report = Report.from_event({"said": 0, "tries": 0, **event, "outcome": outcome})
    if report.used >= contract.MOST_WITHOUT_TOKEN:
        raise LeftUnsaidError("the rest of the response_url is for the result")
    try:
        delivery.respond(report, render(report, files=False).messages[0], report.used)
    except (WayClosedError, SlackRefusedError) as error:
        raise LeftUnsaidError(str(error)) from None
