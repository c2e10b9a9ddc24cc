"""A button below a notice that runs a command, with what it takes from the notice."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.arguments.typed_text import repaired
from chatops_runtime.contracts import command_buttons as contract
from chatops_runtime.contracts import control
from chatops_runtime.slack import blocks, mrkdwn

if TYPE_CHECKING:
    from chatops_runtime.contracts.command_buttons import ButtonDeclaration
    from chatops_runtime.notifier.envelope import Envelope

# Nothing in it that anybody reads as anything but text: not the reader of arguments, no shell, no SSM document.
_HARMLESS = re.compile(r"[A-Za-z0-9_.:/@+][A-Za-z0-9_.:/@+=,-]*")


@dataclass(frozen=True)
class CommandButton:
    """A button.

    Attributes:
        declaration: What the contract says of it.
        find: What is taken from the notice; None for nothing.
    """

    declaration: ButtonDeclaration
    find: re.Pattern[str] | None

    @classmethod
    def of_environment(cls, value: str) -> tuple[CommandButton, ...]:
        """The buttons in the variable's `value`, in their order."""
        return tuple(
            cls(declaration, re.compile(declaration["find"]) if "find" in declaration else None)
            for declaration in json.loads(value)
        )

    def element(self, envelope: Envelope, number: int) -> blocks.Element | None:
        """The button below a notice; None if there is nothing in the notice for it.

        Args:
            envelope: What was published.
            number: Tells it from the others in its row.
        """
        line = self.command_line(envelope)
        if line is None:
            return None
        label = self.declaration["label"]
        dialog = blocks.dialog(label, mrkdwn.unescape(line), confirm="Run it", deny="Back")
        return blocks.button(
            label, action_id=control.run(number), value=line, dialog=dialog if self.declaration["confirm"] else None
        )

    def command_line(self, envelope: Envelope) -> str | None:
        """What is run, as Slack sends what is typed: with `&`, `<` and `>` as entities."""
        words = [self.declaration["command"], mrkdwn.escape(self.declaration["text"])]
        if self.find is not None:
            found = self._found(envelope, self.find)
            if not found:
                return None
            words.insert(1, quoted(found))
        return " ".join(filter(None, words))

    @staticmethod
    def _found(envelope: Envelope, find: re.Pattern[str]) -> str | None:
        match = find.search(f"{envelope.subject}\n{envelope.body}"[: contract.LOOKED_AT])
        found = match and match[1 if find.groups else 0]
        # What cannot be seen could not be judged by whoever clicks.
        is_fit = found and found.isprintable() and len(found) <= contract.LONGEST_FOUND
        return found if is_fit else None


def quoted(text: str) -> str:
    """`text` as one argument of a command, whatever it holds.

    Its typographic quotes are made plain ones before, since they are for what is typed: they would close the quotes.
    """
    if _HARMLESS.fullmatch(text):
        return text
    inner = repaired(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{mrkdwn.escape(inner)}"'
