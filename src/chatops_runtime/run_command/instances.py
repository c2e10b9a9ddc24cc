"""The lines of a message that say how a script went on each of its instances."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chatops_runtime.run_command.instance_section import InstanceSection, name, share_room
from chatops_runtime.run_command.invocation_status import is_success
from chatops_runtime.run_command.layout import Layout
from chatops_runtime.run_command.output import BEGINNING
from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Instances = Sequence[Mapping[str, Any]]

MOST_INSTANCES = 15
"""So many are shown one by one, those that failed first; more would leave no room for anybody's output."""

_LONGEST_STATUS = 30


def lines(
    result: Mapping[str, Any],
    room: int,
    *,
    part: str = BEGINNING,
    runner: str = "command",
    besides: Sequence[str] = (),
) -> list[str]:
    """Each instance with its status and its share of the room for output; then where the rest is: see `lay_out`."""
    return lay_out(result, room, part=part, runner=runner, besides=besides).lines


def lay_out(
    result: Mapping[str, Any],
    room: int,
    *,
    room_for_output: int | None = None,
    follows: str = "",
    part: str = BEGINNING,
    runner: str = "command",
    besides: Sequence[str] = (),
) -> Layout:
    """Each instance with its status and its share of the room for output.

    Args:
        result: A run_command result.
        room: How many characters of a message the lines may take, joined.
        room_for_output: How many of these the outputs may take. Default: all that are left.
        follows: What is said if some output that is known is left out.
        part: Which part of an output is shown when there is no room for all of it: the result has no more of it.
        runner: What people call what ran the script.
        besides: What is to be said of other instances.
    """
    ranked = sorted(result["instances"], key=is_success)
    most = MOST_INSTANCES
    while True:
        sections = [InstanceSection.of(instance, result, part) for instance in ranked[:most]]
        rest = [*_others(result["instances"], most), *besides, *offline(result["offline"], most)]
        where = _where_the_rest_is(result, runner)
        left = room - text_budget.units("\n".join([*(section.render() for section in sections), *rest, where, follows]))
        if left >= 0 or most == 0:
            break
        most //= 2
    return Layout(
        sections=share_room(sections, left if room_for_output is None else min(left, room_for_output)),
        hidden=[InstanceSection.of(instance, result, part) for instance in ranked[most:]],
        rest=rest,
        where=where,
        follows=follows,
        part=part,
    )


def offline(instances: Instances, most: int = MOST_INSTANCES) -> list[str]:
    """Those that were not online, and so were not asked."""
    told = [
        f"{name(instance)}: offline ({mrkdwn.literal(_status(instance))}), not run" for instance in instances[:most]
    ]
    others = len(instances) - len(told)
    return [*told, f"… and {others} more that are offline, not run"] if others else told


def count(instances: int, total: int) -> str:
    """`2 of 3 instances`."""
    return f"{instances} of {total} instance{'' if total == 1 else 's'}"


def _others(instances: Instances, shown: int) -> list[str]:
    """How it went on the instances beyond those that are shown."""
    others = sorted(instances, key=is_success)[shown:]
    if not others:
        return []
    counted = Counter(_status(instance) for instance in others)
    counts = ", ".join(f"{count} {mrkdwn.literal(status)}" for status, count in counted.most_common(5))
    return [f"… and {len(others)} more: {counts}"]


def _status(instance: Mapping[str, Any]) -> str:
    return text_budget.cut(one_line(str(instance["status"]), _LONGEST_STATUS), _LONGEST_STATUS)


def _where_the_rest_is(result: Mapping[str, Any], runner: str) -> str:
    command_id = one_line(str(result["command_id"]), 60)
    if result["log_group"]:
        log_group = mrkdwn.code(one_line(result["log_group"], 512))  # the longest name that CloudWatch Logs allows
        streams = f"{mrkdwn.code(f'{command_id}/INSTANCE_ID/…/stdout')} and {mrkdwn.code('…/stderr')}"
        return f"The whole output is in the log group {log_group}, streams {streams}."
    return (
        f"Systems Manager keeps the first 24,000 characters of each instance's output, under the command "
        f"{mrkdwn.code(command_id)}. To keep all of it, give this {runner} a log group."
    )
