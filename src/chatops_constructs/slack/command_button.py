"""A button below a notice that runs a command."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems, matches
from chatops_constructs.slack.arguments.patterns import check_pattern
from chatops_constructs.slack.command_name import NAME
from chatops_runtime.contracts import command_buttons

if TYPE_CHECKING:
    from chatops_runtime.contracts.command_buttons import ButtonDeclaration


@dataclass(frozen=True)
class CommandButton:
    r"""Offers a command below the notices of a `SlackNotifier`.

    Whoever clicks runs the command as if they had typed it in that channel: the same people may, and it is in the audit
    log under their name. Whoever may not is told so privately.

    What is taken from the notice is one argument of the command, whatever it holds: options and quotes in it are text.

    Example:
        from chatops_constructs import CommandButton

        search = CommandButton(
            "/logsearch",
            label="Search the logs",
            argument_from=r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
            text="--since 3h",
        )

    Attributes:
        command: The command, `/logsearch` or `/ops status`, of an endpoint of the same Slack app.
        label: What the button says, up to 75 characters, of which Slack shows about 30.
        argument_from: A regular expression of Python's that finds the command's first argument in the notice: in the
            subject and the text as they were published, JSON as it was written. Of a pattern with groups the first one
            is taken, `id=(\w+)`; `(?:…)` is no group. A notice without it has no button. Nothing may be repeated
            in it whose own length varies, like `(a+)+`. Default: the button is below every notice and takes nothing
            from it.
        text: What follows, as it would be typed: `--since 3h`. Default: nothing.
        confirm: Whether a click has to be confirmed; what will be run is shown then. Default: True.
    """

    command: str
    _: KW_ONLY
    label: str
    argument_from: str | None = None
    text: str = ""
    confirm: bool = True

    def __post_init__(self) -> None:
        """Check what was given.

        Raises:
            ValueError: It would be no button.
        """
        problems = Problems("CommandButton")
        problems.check(
            matches(NAME, self.command),
            "command",
            self.command,
            "a command's name",
            "write it like '/ps' or '/ops restart'",
            tokens=False,
        )
        problems.check(
            _is_line(self.label, 1, command_buttons.LONGEST_LABEL),
            "label",
            self.label,
            f"1 to {command_buttons.LONGEST_LABEL} characters in one line",
            "say in two or three words what a click does",
            tokens=False,
        )
        if self.argument_from is not None:
            check_pattern(problems, self.argument_from, "argument_from")
        problems.check(
            _is_line(self.text, 0, command_buttons.LONGEST_TEXT),
            "text",
            self.text,
            f"up to {command_buttons.LONGEST_TEXT} characters in one line",
            "write what would be typed after the command",
            tokens=False,
        )
        problems.raise_if_any()

    def render(self) -> ButtonDeclaration:
        """The button as `chatops_runtime.contracts.command_buttons` has it."""
        declaration: ButtonDeclaration = {
            "command": self.command,
            "label": self.label,
            "text": self.text.strip(),
            "confirm": self.confirm,
        }
        if self.argument_from is not None:
            declaration["find"] = self.argument_from
        return declaration


def _is_line(text: object, least: int, most: int) -> bool:
    return isinstance(text, str) and least <= len(text.strip()) and len(text) <= most and text.isprintable()
