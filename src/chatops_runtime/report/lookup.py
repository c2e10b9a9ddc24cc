"""Where whoever looks after a command finds what is behind the id in a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime import console
from chatops_runtime.contracts.request import short_id
from chatops_runtime.slack import mrkdwn

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report


def advice(report: Report) -> str:
    """The execution, and how to find the lines of all logs that are about it."""
    page = console.execution(report.execution_arn)
    execution = f"<{mrkdwn.escape(page)}|execution>" if page else "execution"
    shown_id = mrkdwn.code(short_id(report.id))
    return (
        f"More is in the {execution} whose name begins with {shown_id}. The endpoint's saved query in CloudWatch Logs "
        "Insights finds all lines of its logs, and of its audit log, by that id."
    )
