"""What is wrong with a call of `add_command`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems, check
from chatops_constructs.actions.action import Action
from chatops_constructs.slack.argument_checks import check_arguments
from chatops_constructs.slack.authorization import Allow, Visibility
from chatops_constructs.slack.command_name import CommandName

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from constructs import Construct

    from chatops_constructs.slack.arguments.argument import Argument

# https://docs.slack.dev/reference/app-manifest: features.slash_commands, a maximum of 50.
MOST_SLASH_COMMANDS = 50
# The same place: description of a slash command, 2,000 characters; what people see of it while they type is far less.
MOST_DESCRIPTION_CHARACTERS = 2_000


def check_name(
    endpoint: Construct, name: CommandName, *, names: Collection[str], ids: Collection[str], too_late: bool
) -> None:
    """Check that there can be such a command.

    Args:
        endpoint: For the error.
        name: The name.
        names: The names so far, aliases included.
        ids: The ids of the commands' constructs.
        too_late: Whether the commands are written down already.

    Raises:
        ValueError: There cannot.
    """
    problems = Problems(endpoint)
    _check_new(problems, "name", name, names)
    problems.check(
        name.construct_id not in ids or str(name) in names,
        "name",
        str(name),
        f"a name whose construct id, {name.construct_id}, is not there yet",
        "choose one that differs in more than '-' and '_'",
    )
    problems.check(not too_late, "name", str(name), "commands before synthesis", "add it before app.synth() is called")
    problems.raise_if_any()


def checked_aliases(endpoint: Construct, aliases: Sequence[str], *, names: Collection[str]) -> tuple[CommandName, ...]:
    """The other names of a command, taken apart.

    Args:
        endpoint: For the error.
        aliases: The other names.
        names: The names so far, the command's own included.

    Raises:
        ValueError: One is no command's name, or there already, or the app would have too many slash commands.
    """
    check(not isinstance(aliases, str), endpoint, "aliases", aliases, "a list of names", f"write [{aliases!r}]")
    parsed = tuple(CommandName.parse(alias, "aliases") for alias in aliases)
    problems = Problems(endpoint)
    taken = set(names)
    for alias in parsed:
        _check_new(problems, "aliases", alias, taken)
        taken.add(str(alias))
    problems.raise_if_any()
    return parsed


def check_settings(endpoint: Construct, *, action: Action, description: str, allow: Allow, visible: Visibility) -> None:
    """Check everything else.

    Raises:
        ValueError: Something is not as `add_command` describes it.
    """
    problems = Problems(endpoint)
    problems.check(
        isinstance(action, Action),
        "action",
        action,
        "RunScript(…), InvokeFunction(…) or an Action of your own",
        "say what the command does",
    )
    problems.check(
        isinstance(description, str) and 0 < len(description.strip()) <= MOST_DESCRIPTION_CHARACTERS,
        "description",
        description,
        f"1 to {MOST_DESCRIPTION_CHARACTERS} characters",
        "say in a few words what the command does",
        tokens=False,
    )
    problems.check(
        isinstance(allow, Allow),
        "allow",
        allow,
        "Allow.channel(…), Allow.user(…), Allow.user_group(…) or Allow.workspace()",
        "say who may run the command",
    )
    problems.check(
        isinstance(visible, Visibility),
        "visible",
        visible,
        "Visibility.USER or Visibility.CHANNEL",
        "say who sees command and result, or leave it out",
    )
    problems.raise_if_any()


def declared_arguments(endpoint: Construct, action: Action, arguments: Sequence[Argument]) -> tuple[Argument, ...]:
    """The arguments of a command: the action's own or the given ones.

    Raises:
        ValueError: Both declare some, or what is declared could not be told apart when it is typed.
    """
    own = tuple(action.arguments)
    check(
        not (own and arguments),
        endpoint,
        "arguments",
        list(arguments),
        f"none with {type(action).__name__}, which declares its own: {', '.join(each.name for each in own)}",
        "leave them out",
    )
    declared = own or tuple(arguments)
    check_arguments(endpoint, declared)
    return declared


def _check_new(problems: Problems, parameter: str, name: CommandName, names: Collection[str]) -> None:
    problems.check(str(name) not in names, parameter, str(name), "a name that is not there yet", "choose another one")
    slash_commands = {other.partition(" ")[0] for other in names} | {name.slash_command}
    problems.check(
        len(slash_commands) <= MOST_SLASH_COMMANDS,
        parameter,
        str(name),
        f"{MOST_SLASH_COMMANDS} slash commands in a Slack app",
        "make it a sub-command, like '/ops restart', or add a second endpoint with an app of its own",
    )
