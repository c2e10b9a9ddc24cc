"""What follows a message that has not room for all: a file, or more messages; and how that is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatops_runtime.contracts.commands_table import VISIBLE_TO_CHANNEL
from chatops_runtime.contracts.request import short_id
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.plain_text import one_line
from chatops_runtime.slack.text_file import TextFile

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report

LONGEST_CODE = 100

_NOT_IN_A_NAME = re.compile(r"[^a-z0-9-]+")


def announcement(report: Report, *, files: bool, visible: str | None = None) -> str:
    """What is said at the end of the first message; plain text is markup as well."""
    if not files:
        return "More follows."
    in_channel = (visible or report.visible) == VISIBLE_TO_CHANNEL
    return "More follows as a file." if in_channel else "More follows as a file, in a direct message."


def file(report: Report, text: str) -> TextFile:
    """The whole `text`, named after the command and the id by which it is found."""
    name = _NOT_IN_A_NAME.sub("-", report.request["command"].lower()).strip("-") or "command"
    return TextFile(
        name=f"{name}-{short_id(report.id)}.txt",
        title=f"{report.request['command']} ({short_id(report.id)})",
        comment=f"All that came of {report.command} {report.origin}",
        text=text,
    )


def instead_of_file(code: str) -> str:
    """In front of the second message, when Slack did not take the file; `code` is its word for that."""
    return f"Slack did not take the file ({mrkdwn.literal(one_line(code, LONGEST_CODE))}). It goes on here:"
