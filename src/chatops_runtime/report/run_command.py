"""The message for a script that ran, or could not run, on instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.run_command import instances, nowhere
from chatops_runtime.run_command.invocation_status import is_success
from chatops_runtime.slack import text_budget
from chatops_runtime.slack.message import Message

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report


def render(report: Report, result: dict[str, Any]) -> list[Message]:
    """The verdict, then each instance with its status and its share of the room for output."""
    if not result["instances"]:
        why, advice = nowhere.reason(result)
        verdict = f":x: {report.command} ran nowhere: {why} {report.origin}"
        return [Message("\n".join([verdict, advice, *instances.offline(result["offline"])]))]
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
