"""How the room of a message is shared among the instances that a script ran on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.run_command.output import END

if TYPE_CHECKING:
    from chatops_runtime.run_command.instance_section import InstanceSection
    from chatops_runtime.run_command.output import Output


@dataclass(frozen=True)
class Layout:
    """What a message says of each instance.

    Attributes:
        sections: Of the instances that are shown one by one, each with its share of the room.
        hidden: Of the others, with no room.
        rest: The lines about the others, and about those that were offline.
        where: Where the whole output is.
        follows: What is said, beside that, if some output that is known is left out.
        part: Which part of an output is shown.
    """

    sections: list[InstanceSection]
    hidden: list[InstanceSection]
    rest: list[str]
    where: str
    follows: str
    part: str

    @property
    def lines(self) -> list[str]:
        """The lines of the message."""
        # With the end as the part, nothing is known of the output of most instances.
        is_cut = self.part == END or any(section.is_cut for section in self.sections)
        follows = [self.follows] if self.follows and self.left_out else []
        where = [self.where] if is_cut and not (follows and self.is_all_known) else []
        return [*(section.render() for section in self.sections), *self.rest, *follows, *where]

    @property
    def left_out(self) -> list[tuple[str, Output, str]]:
        """What is known of the output and not shown: its instance's heading, the output, the text.

        With the beginning as the part, that is the end of an output, or all of it.
        """
        shown = [(section.heading, output, output.rest) for section in self.sections for output in section.outputs]
        others = [(section.heading, output, output.text) for section in self.hidden for output in section.outputs]
        return [(heading, output, text) for heading, output, text in [*shown, *others] if text]

    @property
    def is_all_known(self) -> bool:
        """Whether the outputs are known to their ends."""
        return all(output.is_whole for section in [*self.sections, *self.hidden] for output in section.outputs)
