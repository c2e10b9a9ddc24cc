"""The commands that a notifier offers, held against the endpoint that is to run them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsii
from constructs import IValidation

from chatops_runtime.contracts import command_buttons
from chatops_runtime.contracts import environment as variables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from chatops_constructs._problems import Problems
    from chatops_constructs.slack.command_button import CommandButton
    from chatops_constructs.slack.endpoint import SlackCommandEndpoint


MOST_BYTES = 2_500
"""Of the 4 KB of an environment: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html."""


def environment(buttons: Sequence[CommandButton]) -> dict[str, str]:
    """The variable in which the notifier's function finds the buttons, if there are any."""
    declarations = [button.render() for button in buttons]
    return {variables.COMMAND_BUTTONS: json.dumps(declarations, ensure_ascii=False)} if declarations else {}


def check_room(problems: Problems, buttons: Sequence[CommandButton]) -> None:
    """Note a problem if there are too many, or if they are too long together."""
    problems.check(
        len(buttons) <= command_buttons.MOST_BUTTONS,
        "commands",
        f"a list of {len(buttons)}",
        f"up to {command_buttons.MOST_BUTTONS}, since a message may hold several notices with their buttons",
        "choose those that people need first",
    )
    taken = sum(len(value.encode()) for value in environment(buttons).values())
    problems.check(
        taken <= MOST_BYTES,
        "commands",
        f"a list that takes {taken} bytes",
        f"up to {MOST_BYTES} bytes, since a function's environment holds 4 KB",
        "shorten patterns, labels and texts",
    )


def offer(notifier: Construct, buttons: Sequence[CommandButton], endpoint: SlackCommandEndpoint) -> None:
    """Have the endpoint take clicks, and check at synthesis, when all of its commands are known, that it has these.

    Args:
        notifier: Which offers them.
        buttons: The buttons.
        endpoint: The endpoint.
    """
    if not buttons:
        return
    endpoint.take_clicks()
    notifier.node.add_validation(_Offered(buttons, endpoint))


@jsii.implements(IValidation)
class _Offered:
    def __init__(self, buttons: Sequence[CommandButton], endpoint: SlackCommandEndpoint) -> None:
        self._buttons = buttons
        self._endpoint = endpoint

    def validate(self) -> list[str]:
        """What is wrong, for CDK to tell."""
        names = set(self._endpoint.commands)
        for command in self._endpoint.commands.values():
            names |= set(command.aliases)
        return [problem for button in self._buttons if (problem := _problem(button, names))]


def _problem(button: CommandButton, names: set[str]) -> str | None:
    if button.command not in names:
        return (
            f"commands has a button for {button.command!r}, which is no command of the endpoint; allowed: "
            f"{', '.join(sorted(names)) or 'none, it has no commands'}; add the command, or correct the name"
        )
    sub_commands = sorted(name for name in names if name.startswith(f"{button.command} "))
    if button.argument_from is not None and sub_commands:
        return (
            f"commands has a button for {button.command!r} with an argument from the notice, but there is "
            f"{sub_commands[0]!r} as well: a notice could choose it; offer a command without sub-commands"
        )
    return None
