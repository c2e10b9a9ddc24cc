"""What is written down of a command: for dispatch in the commands table, and for the Slack app in the template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from chatops_constructs.slack.argument_checks import render_arguments

if TYPE_CHECKING:
    from chatops_constructs.actions.action import BoundAction
    from chatops_constructs.slack.command import CommandSettings
    from chatops_constructs.slack.command_name import CommandName
    from chatops_runtime.contracts.commands_table import CommandEntry
    from chatops_runtime.contracts.template_metadata import CommandMark


def command_entry(settings: CommandSettings, action: BoundAction, *, machine: str) -> CommandEntry:
    """The command in the commands table.

    Args:
        settings: What `add_command` was given.
        action: What its action became.
        machine: The name of its state machine.
    """
    entry: CommandEntry = {
        "machine": machine,
        "description": settings.description,
        "usage": _usage(settings, settings.name),
        "accepts_text": bool(settings.arguments) or settings.action.accepts_text,
        "visible": cast("Literal['channel', 'user']", settings.visible.value),
        "allow": settings.allow.render(),
    }
    if settings.arguments:
        entry["arguments"] = render_arguments(settings.arguments)
    if settings.approval:
        entry["approval"] = {"channel": settings.approval.channel}
    if settings.confirm:
        entry["confirms"] = True
    if action.cancellable:
        entry["cancellable"] = True
    if action.documents:
        entry["documents"] = list(action.documents)
    if action.remote_calls:
        entry["remote_calls"] = action.remote_calls
    return entry


def command_marks(settings: CommandSettings) -> dict[str, CommandMark]:
    """The command in the template's mark, by its name and by its aliases: `template_metadata`.

    Args:
        settings: What `add_command` was given.
    """
    marks = {str(settings.name): _mark(settings, settings.name)}
    for alias in settings.aliases:
        marks[str(alias)] = {**_mark(settings, alias), "alias_of": str(settings.name)}
    return marks


def _mark(settings: CommandSettings, name: CommandName) -> CommandMark:
    mark: CommandMark = {
        "description": settings.description,
        "usage": _usage(settings, name),
        "should_escape": settings.action.reads_mentions or any(each.reads_mentions for each in settings.arguments),
    }
    approvers = settings.approval.by.scopes if settings.approval else frozenset()
    scopes = settings.allow.scopes | approvers | settings.action.scopes
    if scopes:
        mark["scopes"] = sorted(scopes)
    return mark


def _usage(settings: CommandSettings, name: CommandName) -> str:
    if settings.arguments:
        return " ".join([str(name), *(each.usage for each in settings.arguments)])
    return f"{name} [text]" if settings.action.accepts_text else str(name)
