"""A command in plain Python."""

from chatops_runtime import Reply, SlackCommand


def hello(command: SlackCommand) -> Reply:
    """Greet whoever was named, or else who asked."""
    return Reply(f"Hello {command.text or command.user.name}!")
