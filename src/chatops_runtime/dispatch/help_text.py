"""What there is to run, for people. Imported when somebody asks, or has typed what cannot be run."""

from __future__ import annotations

from chatops_runtime.authorization import rule
from chatops_runtime.dispatch import commands
from chatops_runtime.slack import mrkdwn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatops_runtime.contracts.commands_table import CommandEntry, CommandsTable, HandlerEntry
    from chatops_runtime.slack.handled_interaction import HandledInteraction
    from chatops_runtime.slack.slash_command import SlashCommand

_LONGEST_TYPED = 100
"""More of what was typed would push what there is out of sight, or make the answer longer than Slack takes."""


def help_text(table: CommandsTable, command: SlashCommand) -> str:
    """What the user may run in this channel, and who may run the command that was asked about if the user may not.

    What only Slack knows is not found out for this: such a command is listed with who may run it.
    """
    entries, aliases = table["commands"], table.get("aliases", {})
    name = commands.resolved(aliases, command.command, "")[0]
    asked = commands.of_command(entries, name)
    ordered = [*sorted(asked), *sorted(set(entries) - set(asked))]
    verdicts = {key: _verdict(entries[key], command) for key in ordered}
    lines = ["*What you can run here*" if True in verdicts.values() or None in verdicts.values() else _NOTHING]
    for key in ordered:
        if verdicts[key] is not False:
            also = sorted(alias for alias, meant in aliases.items() if meant == key)
            lines.append(_line(entries[key], also, open_to=None if verdicts[key] else _who_may(entries[key])))
            lines += _arguments(entries[key]) if key in asked else []
    refused = [key for key in ordered if verdicts[key] is False]
    lines += [f"{mrkdwn.code(key)} is for {_who_may(entries[key])}." for key in refused if key in asked]
    others = len(set(refused) - set(asked))
    if others:
        lines.append(f"{others} more {'is' if others == 1 else 'are'} for other people or channels.")
    return "\n".join(lines)


def unknown_command(table: CommandsTable, command: SlashCommand) -> str:
    """That there is no such command, and what there is."""
    names = [*table["commands"], *table.get("aliases", {})]
    whole = f"{command.command} {command.text}"
    typed = whole if any(name.startswith(f"{command.command} ") for name in names) else command.command
    shown = typed if len(typed) <= _LONGEST_TYPED else f"{typed[:_LONGEST_TYPED]}…"
    first_words = " ".join(whole.split()[:2])[:_LONGEST_TYPED]
    return f"Unknown command {mrkdwn.code(shown)}.{_did_you_mean(first_words, names)}\n{help_text(table, command)}"


def not_allowed(key: str, entry: CommandEntry | HandlerEntry, command: SlashCommand | HandledInteraction) -> str:
    """That the user may not run a command here, and who may."""
    who = "members of this workspace" if command.is_of_a_stranger else _who_may(entry)
    return f"{mrkdwn.code(key)} was not run. It is for {who}."


def usage(key: str, entry: CommandEntry) -> str:
    """How a command is used that takes no text but was given some."""
    return f"{mrkdwn.code(key)} takes nothing after it. Usage:\n{_line(entry)}"


def wrong_arguments(key: str, entry: CommandEntry, mistake: str) -> str:
    """What is wrong with what was typed after a command, and how it is used."""
    return "\n".join([f"{mrkdwn.code(key)} was not run. {mistake}", "Usage:", _line(entry), *_arguments(entry)])


_NOTHING = "There is nothing that you can run here."


def _verdict(entry: CommandEntry, command: SlashCommand) -> bool | None:
    if command.is_of_a_stranger:
        return False
    return rule.verdict(entry["allow"], user_id=command.user_id, channel_id=command.channel_id, arguments=None)


def _who_may(entry: CommandEntry | HandlerEntry) -> str:
    # Only the user sees it, so that nobody is notified.
    return rule.who_may(entry["allow"], mentions=True)


def _line(entry: CommandEntry, also: list[str] | None = None, *, open_to: str | None = None) -> str:
    aliases = f", also {', '.join(map(mrkdwn.code, also))}" if also else ""
    limits = f" (for {open_to}; checked when you run it)" if open_to else ""
    return f"• {mrkdwn.code(entry['usage'])}{aliases}  {mrkdwn.escape(entry['description'])}{limits}"


def _arguments(entry: CommandEntry) -> list[str]:
    """A line for each argument that says more than its name."""
    return [
        f"      {mrkdwn.code(declaration['name'])}  {mrkdwn.escape(declaration['help'])}"
        for declaration in entry.get("arguments", ())
        if declaration.get("help")
    ]


def _did_you_mean(typed: str, names: list[str]) -> str:
    import difflib  # noqa: PLC0415 - only when somebody has mistyped

    found = difflib.get_close_matches(typed, names, n=1, cutoff=0.75)
    return f" Did you mean {mrkdwn.code(found[0])}?" if found else ""
