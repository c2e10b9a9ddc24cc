"""What an endpoint's answers say about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chatops_setup.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from chatops_setup.https import Answer

REACHED = "endpoint"
ACK = "signed request"
EVENTS = "events"

SLACK_WAITS_MS = 3_000
"""https://docs.slack.dev/interactivity/implementing-slash-commands: after that, Slack shows operation_timeout."""

_LACKS_SOMETHING = ("Internal error", "Nothing was run")
"""What dispatch says to the user when it lacks something, its secret for one."""


def for_slack_only(url: str) -> Finding:
    """That nobody else can ask the endpoint.

    Args:
        url: Where it is.
    """
    return ok(REACHED, f"{url} takes requests with Slack's certificate only: type /… help in Slack to see it answer")


def reached(answer: Answer, url: str) -> Finding:
    """Whether the endpoint answers at all.

    Args:
        answer: To an `ssl_check`.
        url: Where it was sent.
    """
    if answer.status == 200:
        return ok(REACHED, f"{url} answered in {answer.milliseconds:,.0f} ms")
    if answer.status is None:
        return problem(
            REACHED,
            f"{url} cannot be reached: {answer.error}",
            "is the stack's deployment complete, and may this machine reach the internet (HTTPS_PROXY)?",
        )
    if answer.status in (403, 404):
        return problem(
            REACHED,
            f"{url} answered {answer.status}: nothing is there that takes Slack's requests",
            "deploy the stack again; if it was changed outside of CloudFormation, look for drift",
        )
    return problem(
        REACHED,
        f"{url} answered {answer.status}",
        "look into the log of the dispatch function: it may fail to start, or be throttled",
    )


def acknowledged(answer: Answer, parameter: str) -> Finding:
    """Whether the endpoint takes what is signed, and answers in time.

    Args:
        answer: To a signed `help`.
        parameter: The one with the signing secret.
    """
    took = f"{answer.milliseconds:,.0f} ms"
    if answer.status == 401:
        return problem(
            ACK,
            "the endpoint refused the signature: it knows another signing secret",
            f"{parameter} has to hold the secret that signed this: run `chatops-constructs setup`. If it was just "
            "written, wait a minute: the endpoint reads it again once a minute at most",
        )
    if answer.status == 403:
        return problem(
            ACK,
            "the endpoint refused the workspace or the app",
            "deploy the stack again: the function serves others than its template says",
        )
    said = text_of(answer)
    if answer.status != 200 or said is None:
        return problem(
            ACK,
            f"the endpoint answered {answer.status or answer.error} after {took}, and not with a message",
            "look into the log of the dispatch function",
        )
    if said.startswith(_LACKS_SOMETHING):
        return problem(
            ACK,
            f"the endpoint answered “{said.partition('.')[0]}”",
            f"the log of the dispatch function says why; most often it cannot read {parameter}: is it there, and may "
            "the function decrypt it?",
        )
    if answer.milliseconds > SLACK_WAITS_MS:
        return warning(
            ACK,
            f"acknowledged after {took}; Slack waits {SLACK_WAITS_MS:,} ms and shows operation_timeout then",
            "run this again: the first request after a while takes longer",
        )
    return ok(ACK, f"acknowledged in {took}, of the {SLACK_WAITS_MS:,} ms that Slack waits", detail=said)


def verified(answer: Answer, challenge: str) -> Finding:
    """Whether Slack would take the URL for events.

    Args:
        answer: To a signed `url_verification`.
        challenge: What was to be answered.
    """
    if answer.status == 200 and challenge.encode() in answer.body:
        return ok(EVENTS, "the Request URL answers Slack's challenge")
    return problem(
        EVENTS,
        f"the endpoint answered {answer.status or answer.error} to Slack's challenge: it cannot be the Request URL",
        "deploy the stack again: its function may be of a version without events",
    )


def text_of(answer: Answer) -> str | None:
    """The text that Slack would show; None if the answer is no message."""
    try:
        message = json.loads(answer.body)
    except ValueError:
        return None
    text = message.get("text") if isinstance(message, dict) else None
    return text if isinstance(text, str) else None
