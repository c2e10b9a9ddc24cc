"""What there is to run, for people."""

from __future__ import annotations

from chatops_runtime.dispatch import authorization, commands
from chatops_runtime.slack import mrkdwn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatops_runtime.contracts.commands_table import CommandEntry
    from chatops_runtime.slack.slash_command import SlashCommand

_LONGEST_TYPED = 100
"""More of what was typed would push what there is out of sight, or make the answer longer than Slack takes."""


def help_text(table: dict[str, CommandEntry], command: SlashCommand) -> str:
    """What the user may run in this channel, and who may run the command that was asked about if the user may not."""
    asked = commands.of_command(table, command.command)
    ordered = [*sorted(asked), *sorted(set(table) - set(asked))]
    allowed = [key for key in ordered if authorization.is_allowed(table[key]["allow"], command)]
    lines = ["*What you can run here*" if allowed else "There is nothing that you can run here."]
    lines += [_line(table[key]) for key in allowed]
    lines += [
        f"{mrkdwn.code(key)} is for {authorization.who_may(table[key]['allow'])}."
        for key in sorted(set(asked) - set(allowed))
    ]
    others = len(set(table) - set(asked) - set(allowed))
    if others:
        lines.append(f"{others} more {'is' if others == 1 else 'are'} for other people or channels.")
    return "\n".join(lines)


def unknown_command(table: dict[str, CommandEntry], command: SlashCommand) -> str:
    """That there is no such command, and what there is."""
    typed = f"{command.command} {command.text}" if commands.of_command(table, command.command) else command.command
    shown = typed if len(typed) <= _LONGEST_TYPED else f"{typed[:_LONGEST_TYPED]}…"
    return f"Unknown command {mrkdwn.code(shown)}.\n{help_text(table, command)}"


def not_allowed(key: str, entry: CommandEntry) -> str:
    """That the user may not run a command here, and who may."""
    return f"{mrkdwn.code(key)} was not run. It is for {authorization.who_may(entry['allow'])}."


def usage(key: str, entry: CommandEntry) -> str:
    """How a command is used that takes no text but was given some."""
    return f"{mrkdwn.code(key)} takes nothing after it. Usage:\n{_line(entry)}"


def _line(entry: CommandEntry) -> str:
    return f"• {mrkdwn.code(entry['usage'])}  {mrkdwn.escape(entry['description'])}"
