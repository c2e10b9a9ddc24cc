"""The part of a message that is about one instance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chatops_runtime.run_command import invocation_status
from chatops_runtime.run_command.output import BEGINNING, Output
from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_NAME = 60


@dataclass(frozen=True)
class InstanceSection:
    """Its name and status, and what the script printed there."""

    heading: str
    outputs: tuple[Output, ...]
    silence: str

    @classmethod
    def of(cls, instance: Mapping[str, Any], result: Mapping[str, Any], part: str = BEGINNING) -> InstanceSection:
        """The section of `instance`, one of the run_command `result`'s, with no room for output yet.

        With the end as the `part`, a result has the output of some instances only: an instance without one is not said
        to have printed nothing.
        """
        outputs = (Output.of(instance, stream, part) for stream in ("stdout", "stderr"))
        return cls(
            heading=f"{name(instance)}: {invocation_status.words(instance, result)}",
            outputs=tuple(output for output in outputs if not output.is_empty),
            silence=", no output" if part == BEGINNING else "",
        )

    @property
    def is_cut(self) -> bool:
        """Whether some output is left out."""
        return any(output.is_cut for output in self.outputs)

    def render(self) -> str:
        """The section's text."""
        if not self.outputs:
            return f"{self.heading}{self.silence}"
        return "\n".join([self.heading, *(output.render() for output in self.outputs)])


def name(instance: Mapping[str, Any]) -> str:
    """What people call an instance, and its id."""
    instance_id = mrkdwn.code(text_budget.cut(one_line(instance["instance_id"], _LONGEST_NAME), _LONGEST_NAME))
    named = text_budget.cut(one_line(instance.get("name") or "", _LONGEST_NAME), _LONGEST_NAME)
    named = mrkdwn.code(named)
    return f"*{instance_id}*" if named in {instance_id, mrkdwn.code("")} else f"*{named}* ({instance_id})"


def share_room(sections: list[InstanceSection], room: int) -> list[InstanceSection]:
    """The `sections` with `room` shared out among all their outputs."""
    outputs = [output for section in sections for output in section.outputs]
    wanted = [text_budget.width(output.text) for output in outputs]
    shares = iter(text_budget.fair_shares(wanted, room - Output.OVERHEAD * len(outputs)))
    return [
        replace(section, outputs=tuple(replace(output, room=next(shares)) for output in section.outputs))
        for section in sections
    ]
