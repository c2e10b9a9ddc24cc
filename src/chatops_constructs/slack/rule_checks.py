"""Whether a rule fits the command that it is for, and when it can be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems
from chatops_constructs.slack.arguments.choice import Choice
from chatops_constructs.slack.arguments.flag import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from chatops_constructs.slack.arguments.argument import Argument
    from chatops_constructs.slack.authorization import Allow


def check_rule(
    endpoint: Construct, parameter: str, rule: Allow, *, arguments: Sequence[Argument], has_bot_token: bool
) -> None:
    """Check a rule of a command.

    Args:
        endpoint: For the error.
        parameter: What the rule was given as, such as `allow`.
        rule: The rule.
        arguments: Those of the command.
        has_bot_token: Whether the endpoint has one.

    Raises:
        ValueError: It compares an argument that there is not, or a value that it cannot have, or Slack could not be
            asked.
    """
    problems = Problems(endpoint)
    problems.check(
        has_bot_token or not rule.needs_slack,
        parameter,
        "a rule with user groups or without guests",
        "such a rule with a bot token only, with which Slack is asked",
        f"give the endpoint SlackCredentials.from_parameters(…, bot_token=True), and the bot {_listed(rule.scopes)}",
    )
    declared = {each.name: each for each in arguments}
    for name, values in rule.conditions.items():
        problems.check(
            name in declared,
            parameter,
            f"a rule that compares the argument {name}",
            f"arguments of the command, {', '.join(declared) or 'of which there are none'}",
            "declare it with arguments=[…], or correct the name",
        )
        possible = _values_of(declared.get(name))
        problems.check(
            possible is None or values <= possible,
            parameter,
            f"a rule that compares {name} with {_listed(values)}",
            f"values of that argument, {_listed(possible or ())}",
            "correct the value: nobody could ever type it",
        )
    problems.raise_if_any()


def is_judged_at_once(rule: Allow, arguments: Sequence[Argument]) -> bool:
    """Whether dispatch knows whom a rule lets in: without Slack, and with all arguments that it compares.

    Args:
        rule: The rule.
        arguments: Those of the command.
    """
    from_menus = {each.name for each in arguments if isinstance(each, Choice) and each.is_required}
    return not rule.needs_slack and from_menus.isdisjoint(rule.conditions)


def _values_of(argument: Argument | None) -> frozenset[str] | None:
    """All values that an argument can have; None if there is no end of them."""
    if isinstance(argument, Choice):
        return frozenset(argument.choices)
    return frozenset({"true", "false"}) if isinstance(argument, Flag) else None


def _listed(words: frozenset[str] | tuple[()]) -> str:
    return ", ".join(sorted(words))
