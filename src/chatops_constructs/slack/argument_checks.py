"""Whether the arguments of one command can be told apart when they are typed, and how they are written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems
from chatops_constructs.slack.arguments.argument import Argument
from chatops_runtime.contracts.arguments import FLAG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from chatops_runtime.contracts.arguments import ArgumentDeclaration

# Each absent choice is a menu of one message, which holds 50 blocks (https://docs.slack.dev/reference/block-kit/blocks),
# and nobody remembers twenty.
MOST_ARGUMENTS = 20


def check_arguments(endpoint: Construct, arguments: Sequence[Argument]) -> None:
    """Check the arguments of one command.

    Args:
        endpoint: For the error.
        arguments: In the order in which they may be typed.

    Raises:
        ValueError: Two have the same name, or one comes behind another that takes all the rest, and so on.
    """
    problems = Problems(endpoint)
    for each in arguments:
        problems.check(
            isinstance(each, Argument), "arguments", each, "Choice(…), Text(…) and the like", "give it a kind"
        )
    problems.raise_if_any()
    problems.check(
        len(arguments) <= MOST_ARGUMENTS,
        "arguments",
        f"a list of {len(arguments)}",
        f"up to {MOST_ARGUMENTS}",
        "split the command into sub-commands",
    )
    names = [each.name for each in arguments]
    problems.check(len(set(names)) == len(names), "arguments", names, "names that differ", "rename one of them")
    for each in arguments[:-1]:
        problems.check(
            not each.takes_the_rest,
            "arguments",
            f"{each.name}, with rest=True, in front of others",
            "rest=True for the last one only",
            "put it last: whatever is typed behind it belongs to it",
        )
    problems.raise_if_any()


def render_arguments(arguments: Sequence[Argument]) -> list[ArgumentDeclaration]:
    """The declarations, as `chatops_runtime.contracts.arguments` has them.

    Args:
        arguments: Those of one command.
    """
    declarations = [each.render() for each in arguments]
    required_follows = False
    for declaration in reversed(declarations):
        if declaration["required"]:
            required_follows = True
        elif required_follows and declaration["kind"] != FLAG:
            declaration["named"] = True
    return declarations
