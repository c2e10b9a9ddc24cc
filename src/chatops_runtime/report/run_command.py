"""The message for a script that ran, or could not run, on instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.run_command import instances
from chatops_runtime.run_command.invocation_status import is_success
from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report

_LONGEST_TEXT = 200


def render(report: Report, result: dict[str, Any]) -> list[Message]:
    """The verdict, then each instance with its status and its share of the room for output."""
    if not result["instances"]:
        return [Message("\n".join([*_nowhere(report, result), *instances.offline(result["offline"])]))]
    verdict = _verdict(report, result)
    room = text_budget.MESSAGE - text_budget.units(f"{verdict}\n")
    return [Message("\n".join([verdict, *instances.lines(result, room)]))]


def _verdict(report: Report, result: dict[str, Any]) -> str:
    """In words, beside a mark that not everybody can tell by its colour."""
    succeeded = sum(map(is_success, result["instances"]))
    ran = len(result["instances"])
    total = ran + len(result["offline"])
    if result["given_up"]:
        counted = instances.count(succeeded, total)
        mark, said = ":x:", f"was not over in time and was cancelled; it succeeded on {counted}"
    elif result["ok"]:
        mark, said = ":white_check_mark:", f"succeeded on {instances.count(succeeded, total)}"
    else:
        mark, said = ":x:", f"failed on {instances.count(ran - succeeded, total)}"
    return f"{mark} {report.command} {said} {report.origin}"


def _nowhere(report: Report, result: dict[str, Any]) -> list[str]:
    """Why it ran on no instance at all, and what to do about it."""
    targets = mrkdwn.code(text_budget.cut(one_line(result["targets"], _LONGEST_TEXT), _LONGEST_TEXT))
    if result["offline"]:
        why = f"no instance of {targets} is online"
        advice = "Check that they are running and that their SSM agent reaches Systems Manager."
    elif "=" in result["targets"]:
        why = f"no managed instance carries the tag {targets}"
        advice = (
            "Check that instances with this tag are running and registered with Systems Manager: "
            "the SSM agent runs on them and their instance profile lets it register."
        )
    else:
        why = f"no managed instance has the id {targets}"
        advice = (
            "Check that it is running and registered with Systems Manager: "
            "the SSM agent runs on it and its instance profile lets it register."
        )
    return [f":x: {report.command} ran nowhere: {why} {report.origin}", advice]
