"""Handlers for the end-to-end tests."""

from chatops_runtime import Reply, SlackCommand


def who(command: SlackCommand) -> Reply:
    """Everything that a handler is told."""
    told = [command.command, command.text, command.user.id, command.channel.id, command.team_id, command.request_id]
    return Reply("|".join(told))


def broken(command: SlackCommand) -> Reply:
    """Fail, as handlers do."""
    raise LookupError(f"no such thing: {command.text}")
