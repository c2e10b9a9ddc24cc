"""The message for a script that ran, or could not run, on instances."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chatops_runtime.report import text_budget
from chatops_runtime.report.instance_section import InstanceSection, name, share_room
from chatops_runtime.report.invocation_status import is_success
from chatops_runtime.report.message import Message
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops_runtime.report.report import Report

    Instances = Sequence[Mapping[str, Any]]

MOST_INSTANCES = 15
"""So many are shown one by one, those that failed first; more would leave no room for anybody's output."""

_LONGEST_TEXT = 200


def render(report: Report, result: dict[str, Any]) -> list[Message]:
    """The verdict, then each instance with its status and its share of the room for output."""
    if not result["instances"]:
        return [Message("\n".join([*_nowhere(report, result), *_offline(result["offline"])]))]
    shown = sorted(result["instances"], key=is_success)[:MOST_INSTANCES]
    sections = [InstanceSection.of(instance, result) for instance in shown]
    frame = _compose(report, result, sections)
    room = text_budget.MESSAGE - text_budget.units(frame)
    return [Message(_compose(report, result, share_room(sections, room)))]


def _compose(report: Report, result: dict[str, Any], sections: list[InstanceSection]) -> str:
    lines = [_verdict(report, result), *(section.render() for section in sections)]
    lines += _others(result["instances"], len(sections))
    lines += _offline(result["offline"])
    if any(section.is_cut for section in sections):
        lines.append(_where_the_rest_is(result))
    return "\n".join(lines)


def _verdict(report: Report, result: dict[str, Any]) -> str:
    """In words, beside a mark that not everybody can tell by its colour."""
    succeeded = sum(map(is_success, result["instances"]))
    ran = len(result["instances"])
    total = ran + len(result["offline"])
    if result["given_up"]:
        mark, said = ":x:", f"was not over in time and was cancelled; it succeeded on {_of(succeeded, total)}"
    elif result["ok"]:
        mark, said = ":white_check_mark:", f"succeeded on {_of(succeeded, total)}"
    else:
        mark, said = ":x:", f"failed on {_of(ran - succeeded, total)}"
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


def _others(instances: Instances, shown: int) -> list[str]:
    """How it went on the instances beyond those that are shown."""
    others = sorted(instances, key=is_success)[shown:]
    if not others:
        return []
    counted = Counter(text_budget.cut(one_line(str(instance["status"]), 30), 30) for instance in others)
    counts = ", ".join(f"{count} {mrkdwn.literal(status)}" for status, count in counted.most_common(5))
    return [f"… and {len(others)} more: {counts}"]


def _offline(offline: Instances) -> list[str]:
    lines = [
        f"{name(instance)}: offline ({mrkdwn.literal(text_budget.cut(one_line(instance['status'], 30), 30))}), not run"
        for instance in offline[:MOST_INSTANCES]
    ]
    others = len(offline) - len(lines)
    return [*lines, f"… and {others} more that are offline, not run"] if others else lines


def _where_the_rest_is(result: dict[str, Any]) -> str:
    command_id = one_line(str(result["command_id"]), 60)
    if result["log_group"]:
        log_group = mrkdwn.code(one_line(result["log_group"], 512))  # the longest name that CloudWatch Logs allows
        streams = f"{mrkdwn.code(f'{command_id}/INSTANCE_ID/…/stdout')} and {mrkdwn.code('…/stderr')}"
        return f"The whole output is in the log group {log_group}, streams {streams}."
    return (
        f"Systems Manager keeps the first 24,000 characters of each instance's output, under the command "
        f"{mrkdwn.code(command_id)}. To keep all of it, give this command a log group."
    )


def _of(succeeded: int, total: int) -> str:
    return f"{succeeded} of {total} instance{'' if total == 1 else 's'}"
