"""What is said of commands that run or ran, in Slack's markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatops_runtime import durations
from chatops_runtime.contracts.report import CANCELLED_ERROR
from chatops_runtime.contracts.request import short_id
from chatops_runtime.contracts.status import WAITS_FOR_APPROVAL, WAITS_FOR_CONFIRMATION
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.moment import moment
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from chatops_runtime.command_function import SlackCommand
    from chatops_runtime.status.executions import Found
    from chatops_runtime.status.run import Run

LONGEST_TEXT = 80
_MINUTE = 60
_USER = re.compile(r"[UW][A-Z0-9]{1,31}")

_WAITING = {
    WAITS_FOR_APPROVAL: ":hourglass_flowing_sand: waits for an approval",
    WAITS_FOR_CONFIRMATION: ":hourglass_flowing_sand: waits for a confirmation",
}
_OUTCOMES = {
    "RUNNING": "runs",
    "SUCCEEDED": ":white_check_mark: succeeded",
    "FAILED": ":x: failed",
    "TIMED_OUT": ":x: timed out",
    "ABORTED": ":x: was stopped",
    "PENDING_REDRIVE": ":x: failed",
}
DECLINED_ERROR = "ChatOps.Declined"


def status(found: Found, asked: SlackCommand, now: datetime) -> str:
    """What runs now."""
    if not found.runs:
        return "Nothing is running."
    head = f"*Running now*{_bound(found, 'the newest')}"
    return "\n".join([head, *(_line(run, asked, now) for run in found.runs)])


def history(found: Found, asked: SlackCommand, now: datetime, *, which: str) -> str:
    """What ran last, of which commands and since when in `which`."""
    if not found.runs:
        return f"Nothing was run{which}."
    head = f"*Run last{which}*{_bound(found, 'the newest')}"
    return "\n".join([head, *(_line(run, asked, now) for run in found.runs)])


def _bound(found: Found, which: str) -> str:
    return f" ({which} {len(found.runs)}; there are more)" if found.more else ""


def _line(run: Run, asked: SlackCommand, now: datetime) -> str:
    text = one_line(str(run.request.get("text") or ""), LONGEST_TEXT)
    shown = run.is_shown_to(asked.user.id, asked.channel.id)
    typed = mrkdwn.code(f"{run.command} {text}" if text and shown else run.command)
    hidden = " …" if text and not shown else ""
    user_id = str(run.request.get("user_id") or "")
    who = mrkdwn.user(user_id) if _USER.fullmatch(user_id) else "somebody"
    length = _spelled(((run.ended or now) - run.began).total_seconds())
    when = moment(int(run.began.timestamp()))
    took = f"for {length}" if run.ended is None else length
    return f"• {typed}{hidden} {_outcome(run)}: {who}, {when}, {took}, id {mrkdwn.code(short_id(run.name))}"


def _outcome(run: Run) -> str:
    if run.status == "FAILED" and run.error == DECLINED_ERROR:
        return ":no_entry: was not run"
    if run.status == "ABORTED" and run.error == CANCELLED_ERROR:
        by = f" by {mrkdwn.user(run.cause)}" if _USER.fullmatch(run.cause) else ""
        return f":no_entry_sign: was cancelled{by}"
    return _WAITING.get(run.state) or _OUTCOMES.get(run.status) or mrkdwn.literal(run.status.lower())


def _spelled(seconds: float) -> str:
    return durations.spelled(seconds) if seconds >= _MINUTE else f"{max(0, round(seconds))}s"
