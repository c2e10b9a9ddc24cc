"""Systems Manager's Run Command, as one object."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Condition
from typing import TYPE_CHECKING, Any, NamedTuple

from . import instance_information
from . import request as requests
from .clock import Clock
from .commands import Commands
from .dispatcher import Dispatcher
from .documents import Documents
from .errors import ServiceError
from .fleet import Fleet
from .status_events import StatusEvents

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from .agent import WriteLog
    from .event_delivery import EventDelivery
    from .fleet import Instance
    from .preparation import ResolveParameter


class _Action(NamedTuple):
    handle: Callable[[Mapping[str, Any]], dict[str, Any]]
    members: frozenset[str]
    """The members of the request that are emulated."""


class RunCommand:
    """Documents, managed instances and commands of one account and region.

    Attributes:
        fleet: The managed instances.
        documents: The documents, to look at; `call` is what changes them.
        actions: The names of the API actions that `call` takes.
    """

    def __init__(
        self,
        *,
        account: str,
        region: str,
        directory: Path,
        time_scale: float = 1.0,
        visibility_lag: float = 0.0,
        resolve_parameter: ResolveParameter | None = None,
        write_log: WriteLog | None = None,
        on_status_change: Callable[[dict[str, Any]], None] | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """Start with AWS's own document and no instance.

        Args:
            account: The account's id.
            region: The region's name.
            directory: Where the instances' directories are made.
            time_scale: Real seconds that one second of AWS's own time limits lasts. Scripts run in real time.
            visibility_lag: Seconds of AWS's time until a command that was sent can be listed.
            resolve_parameter: The Parameter Store, asked with an instance's rights for `name` or `name:version`; gives
                a String's text or a StringList's items, raises ServiceError otherwise, for a SecureString too.
                Default: there is none, and `{{ssm:…}}` fails.
            write_log: CloudWatch Logs, asked with an instance's rights to write (instance, group, stream, text).
                Default: there is none, and CloudWatchOutputConfig has no effect.
            on_status_change: Is given every status change as the event that EventBridge would get: a dictionary with
                `source`, `detail-type`, `resources` and `detail`.
            wall_clock: Says the Unix time, for time stamps. Default: this machine's.
        """
        self._changed = Condition()
        self._clock = Clock(time_scale, wall_clock)
        self._events = StatusEvents(on_status_change, account=account, region=region, clock=self._clock)
        self.fleet = Fleet(directory, clock=self._clock, changed=self._changed)
        self.documents = Documents(account=account, region=region, clock=self._clock)
        self._dispatcher = Dispatcher(
            self.fleet,
            region=region,
            clock=self._clock,
            changed=self._changed,
            events=self._events,
            resolve_parameter=resolve_parameter,
            write_log=write_log,
        )
        self._commands = Commands(
            account=account,
            documents=self.documents,
            fleet=self.fleet,
            dispatcher=self._dispatcher,
            clock=self._clock,
            visibility_lag=visibility_lag,
        )
        self._actions = self._table()
        self.actions = frozenset(self._actions)

    def call(self, action: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer an API request: what stands in the body of AWS's JSON 1.1 protocol, timestamps as numbers.

        Raises:
            ServiceError: AWS's error, or `NotEmulated` for what AWS knows and this does not.
        """
        known = self._actions.get(action)
        if known is None:
            raise ServiceError("UnknownOperationException", f"{action}: emulated are {', '.join(sorted(self.actions))}")
        requests.check(action, request, known.members)
        with self._changed:
            return known.handle(request)

    def targets_of(self, request: Mapping[str, Any]) -> list[Instance]:
        """The instances that SendCommand with `request` would address now, for the check of the caller's rights."""
        return self._commands.targets_of(request)

    def deliver_events(self, delivery: EventDelivery) -> None:
        """Let the events of status changes arrive like that from now on."""
        with self._changed:
            self._events.delivery = delivery

    def set_conditions(self, instance_id: str, **conditions: Any) -> None:  # noqa: ANN401 - a field of Conditions each
        """Change some of an instance's conditions, for what begins from now on."""
        with self._changed:
            instance = self.fleet.get(instance_id)
            instance.conditions = replace(instance.conditions, **conditions)
            self._changed.notify_all()

    def kill_agent(self, instance_id: str) -> None:
        """End the agent of an instance and the scripts that it runs; it reports nothing about them, ever."""
        self.fleet.set_online(instance_id, online=False)
        self._dispatcher.lose(self.fleet.get(instance_id))

    def stop_instance(self, instance_id: str) -> None:
        """Stop an instance: its agent dies, and so does everything that scripts have left running."""
        self.kill_agent(instance_id)
        self.fleet.get(instance_id).process_groups.kill_running()

    def close(self) -> None:
        """End every process and thread."""
        self._dispatcher.close()
        self.fleet.close()
        self._events.close()

    def _table(self) -> dict[str, _Action]:
        commands, documents, page = self._commands, self.documents, "MaxResults NextToken"
        sent = (
            "InstanceIds Targets DocumentName DocumentVersion TimeoutSeconds Comment Parameters"
            " MaxConcurrency MaxErrors CloudWatchOutputConfig DocumentHash DocumentHashType"
        )
        return {
            "SendCommand": _action(commands.send, sent),
            "CancelCommand": _action(commands.cancel, "CommandId InstanceIds"),
            "ListCommands": _action(commands.list_commands, f"CommandId InstanceId Filters {page}"),
            "ListCommandInvocations": _action(
                commands.list_invocations, f"CommandId InstanceId Filters Details {page}"
            ),
            "GetCommandInvocation": _action(commands.get_invocation, "CommandId InstanceId PluginName"),
            "DescribeInstanceInformation": _action(self._describe_instances, f"Filters {page}"),
            "CreateDocument": _action(
                documents.create, "Content Name DisplayName VersionName DocumentType DocumentFormat TargetType Tags"
            ),
            "UpdateDocument": _action(
                documents.update, "Content Name DisplayName VersionName DocumentVersion DocumentFormat TargetType"
            ),
            "UpdateDocumentDefaultVersion": _action(documents.update_default_version, "Name DocumentVersion"),
            "DeleteDocument": _action(documents.delete, "Name DocumentVersion VersionName Force"),
            "DescribeDocument": _action(documents.describe, "Name DocumentVersion VersionName"),
            "GetDocument": _action(documents.get, "Name DocumentVersion VersionName DocumentFormat"),
            "ListDocuments": _action(documents.list_documents, f"Filters {page}"),
            "ListDocumentVersions": _action(documents.list_versions, f"Name {page}"),
        }

    def _describe_instances(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return instance_information.describe(self.fleet, self._clock, request)


def _action(handle: Callable[[Mapping[str, Any]], dict[str, Any]], members: str) -> _Action:
    return _Action(handle, frozenset(members.split()))
