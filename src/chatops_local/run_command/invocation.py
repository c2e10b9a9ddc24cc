"""A command's copy for one instance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import statuses
from .cancellation import Cancellation
from .errors import ServiceError
from .plugin_run import PluginRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .command import Command
    from .fleet import Instance
    from .statuses import Status

_MAX_TRACE = 2500


class Invocation:
    """What has become of the command on one instance, as far as the service knows. The caller holds the lock."""

    def __init__(self, command: Command, instance: Instance, step_names: Sequence[str]) -> None:
        """Start as Pending."""
        self.command = command
        self.instance = instance
        self.status = statuses.PENDING
        self.trace_output = ""
        self.plugins = [PluginRun(name) for name in step_names]
        self.cancellation = Cancellation()
        self.lost = False

    @property
    def identity(self) -> str:
        """What tells it from every other invocation."""
        return f"{self.command.command_id}/{self.instance.instance_id}"

    @property
    def has_begun(self) -> bool:
        """Whether the agent has it and has not reported its end."""
        return self.status in (statuses.IN_PROGRESS, statuses.CANCELLING)

    def begin(self, now: float) -> None:
        """The agent has it: the first step runs."""
        self.status = statuses.IN_PROGRESS
        self.plugins[0] = replace(self.plugins[0], status=statuses.IN_PROGRESS, started=now)

    def lose(self) -> None:
        """The agent dies, and its script with it: nobody will ever report."""
        self.lost = True
        self.cancellation.request()

    def end(self, status: Status) -> None:
        """Take the last status; steps that have none of their own end with it."""
        self.status = status
        self.plugins = [
            plugin if plugin.status.is_terminal else replace(plugin, status=status) for plugin in self.plugins
        ]

    def report(self, runs: Sequence[PluginRun], trace_output: str = "") -> None:
        """Take what the agent says about the first steps, and why it ran none."""
        self.plugins[: len(runs)] = runs
        self.trace_output = trace_output[:_MAX_TRACE]

    def plugin(self, name: str | None) -> PluginRun:
        """The step of that name; a document's only step needs no name.

        Raises:
            ServiceError: `InvalidPluginName`.
        """
        if name is None and len(self.plugins) == 1:
            return self.plugins[0]
        for plugin in self.plugins:
            if plugin.name == name:
                return plugin
        names = ", ".join(plugin.name for plugin in self.plugins)
        raise ServiceError("InvalidPluginName", f"PluginName {name}: the document's steps are {names}")

    def for_get(self, plugin_name: str | None) -> dict[str, Any]:
        """What GetCommandInvocation answers."""
        return {
            "CommandId": self.command.command_id,
            "InstanceId": self.instance.instance_id,
            **self.command.common_description(),
            **self.plugin(plugin_name).for_get(),
        }

    def for_list(self, *, details: bool) -> dict[str, Any]:
        """`CommandInvocation`."""
        return {
            "CommandId": self.command.command_id,
            "InstanceId": self.instance.instance_id,
            "InstanceName": self.instance.name,
            **self.command.common_description(),
            "RequestedDateTime": self.command.requested,
            "Status": self.status.status,
            "StatusDetails": self.status.details,
            "TraceOutput": self.trace_output,
            "StandardOutputUrl": "",
            "StandardErrorUrl": "",
            "CommandPlugins": [plugin.for_list() for plugin in self.plugins] if details else [],
        }
