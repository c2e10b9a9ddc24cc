"""What is said of a script that ran, or could not run, on instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.report import following, transcript
from chatops_runtime.report.account import Account
from chatops_runtime.report.pages import FOR_A_REMARK, Passage, fill, most_messages
from chatops_runtime.run_command import instances, nowhere
from chatops_runtime.run_command.invocation_status import is_success
from chatops_runtime.slack import text_budget
from chatops_runtime.slack.message import Message

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report
    from chatops_runtime.run_command.layout import Layout


def render(report: Report, result: dict[str, Any], *, files: bool) -> Account:
    """The verdict, then each instance with its status and its share of the room for output; then what has no room."""
    if not result["instances"]:
        why, advice = nowhere.reason(result)
        verdict = f":x: {report.command} ran nowhere: {why} {report.origin}"
        return Account((Message("\n".join([verdict, advice, *instances.offline(result["offline"])])),))
    verdict = _verdict(report, result)
    room = text_budget.MESSAGE - text_budget.units(f"{verdict}\n")
    layout = instances.lay_out(result, room, follows=following.announcement(report, files=files))
    if not layout.left_out:
        return Account((Message("\n".join([verdict, *layout.lines])),))
    if files:
        layout = instances.lay_out(
            result, room, room_for_output=text_budget.RECOMMENDED, follows=following.announcement(report, files=True)
        )
    messages = [
        Message("\n".join([verdict, *layout.lines])),
        *map(Message, _pages(layout, most_messages(report.used) - 1)),
    ]
    return Account(tuple(messages), following.file(report, transcript.text(result)) if files else None)


def _pages(layout: Layout, most: int) -> list[str]:
    """What the first message has no room for."""
    return fill(
        [Passage.output(f"{heading}, {output.stream}:", text) for heading, output, text in layout.left_out],
        most=most,
        room=text_budget.MESSAGE - FOR_A_REMARK,
        ending=lambda missing: f"_{missing:,} more characters have no room here._\n{layout.where}",
    )


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
