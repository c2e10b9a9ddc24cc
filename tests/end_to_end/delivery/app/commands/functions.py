"""What functions answer."""

from chatops_runtime.command_function import SlackCommand


def say(command: SlackCommand) -> str:
    """So many numbered lines as were asked for."""
    return "".join(f"line {number:05}\n" for number in range(int(command.text)))
