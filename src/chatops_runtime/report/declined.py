"""What is said of a command of which nothing was run, since somebody or something stood against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import report as contract
from chatops_runtime.contracts.commands_table import VISIBLE_TO_USER
from chatops_runtime.report.account import Account
from chatops_runtime.report.command import instant
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.moment import moment
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report

_LONGEST_DETAIL = 300

_PRIVATE = frozenset({contract.NOT_ALLOWED, contract.SLACK_UNAVAILABLE, contract.BUSY})
"""Of no concern to the channel: a refusal of dispatch is private too."""


def render(report: Report, result: dict[str, Any], *, files: bool) -> Account:
    """Why, and who said so. Of an event that is not for whoever caused it, nothing is said."""
    del files
    if report.is_of_event and result["reason"] == contract.NOT_ALLOWED:
        return Account(())
    why = _why(result["reason"], ", ".join(map(mrkdwn.user, result.get("by", ()))), str(result.get("detail") or ""))
    visible = VISIBLE_TO_USER if result["reason"] in _PRIVATE else None
    return Account((Message(f":no_entry: {report.command} was not run: {why} {report.origin}", visible=visible),))


def _why(reason: str, people: str, detail: str) -> str:
    by = f" by {people}" if people else ""
    plain = mrkdwn.literal(one_line(detail, _LONGEST_DETAIL))
    words = {
        contract.NOT_ALLOWED: f"it is for {detail or 'other people'}.",
        contract.SLACK_UNAVAILABLE: f"it is for {detail or 'some people'}, and Slack did not say whether you are "
        "one of them. Try again later.",
        contract.DENIED: f"it was denied{by}.",
        contract.EXPIRED: "there was no answer in time.",
        contract.CANCELLED: f"it was cancelled{by}.",
        contract.BUSY: f"another one is under way{_started(people, detail)}. Try again when that is over.",
        contract.CHANGED: f"what would run has changed since it was asked for{f' ({plain})' if plain else ''}. "
        "Nothing was run. Ask again.",
    }
    return words.get(reason) or f"{mrkdwn.literal(one_line(reason, _LONGEST_DETAIL))}{by}."


def _started(people: str, since: str) -> str:
    started = f", started by {people}" if people else ""
    try:
        return f"{started}, since {moment(int(instant(since).timestamp()))}"
    except ValueError:
        return started
