"""The API actions on commands.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html and its neighbours.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from . import targets
from .command import DEFAULT_DELIVERY_TIMEOUT, Command
from .command_filters import command_matches, invocation_matches
from .document_parameters import values_for
from .errors import ServiceError, not_emulated
from .interpolation import replace_parameters
from .paging import page
from .script_inputs import execution_timeout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .clock import Clock
    from .dispatcher import Dispatcher
    from .document import DocumentVersion
    from .documents import Documents
    from .fleet import Fleet, Instance
    from .invocation import Invocation


class Commands:
    """All commands, the newest first. The caller holds the lock."""

    def __init__(
        self,
        *,
        account: str,
        documents: Documents,
        fleet: Fleet,
        dispatcher: Dispatcher,
        clock: Clock,
        visibility_lag: float,
    ) -> None:
        """Take what a command needs; `visibility_lag` nominal seconds pass before it can be seen.

        "The Run Command API follows an eventual consistency model": API reference, GetCommandInvocation.
        """
        self._account = account
        self._documents = documents
        self._fleet = fleet
        self._dispatcher = dispatcher
        self._clock = clock
        self._visibility_lag = visibility_lag
        self._commands: dict[str, Command] = {}
        self._visible_from: dict[str, float] = {}

    def send(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """SendCommand. The answer is Pending; the targets of a command by tag are not yet counted in it."""
        instances = self._check_addressees(request)
        document = self._documents.find(request["DocumentName"])
        version = document.version(request.get("DocumentVersion"))
        _check_hash(request, version)
        values = values_for(version.content.parameters, request.get("Parameters", {}))
        now = self._clock.now()
        delivery_timeout = request.get("TimeoutSeconds", DEFAULT_DELIVERY_TIMEOUT)
        command = Command(
            command_id=str(uuid.uuid4()),
            request=dict(request),
            document=document,
            version=version,
            parameters=values,
            requested=now,
            expires=now + delivery_timeout + _execution_timeout(version, values),
        )
        self._visible_from[command.command_id] = self._clock.deadline(self._visibility_lag)
        self._commands = {command.command_id: command, **self._commands}
        self._dispatcher.send(command, instances)
        return {"Command": command.description()}

    def targets_of(self, request: Mapping[str, Any]) -> list[Instance]:
        """The instances that SendCommand would now address with `request`; unknown ids are left out."""
        if request.get("Targets"):
            return targets.matching(self._fleet.list(), request["Targets"])
        return [one for one in self._fleet.list() if one.instance_id in request.get("InstanceIds", ())]

    def cancel(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """CancelCommand. One that has ended stays as it is."""
        command = self._command(request["CommandId"])
        asked = request.get("InstanceIds") or None
        foreign = set(asked or ()) - {invocation.instance.instance_id for invocation in command.invocations}
        if foreign:
            raise ServiceError("InvalidInstanceId", f"the command was not sent to {', '.join(sorted(foreign))}")
        self._dispatcher.cancel(command, asked)
        return {}

    def list_commands(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """ListCommands, the newest first."""
        filters = request.get("Filters", ())
        if "InstanceId" in request and {"key": "Status", "value": "Pending"} in filters:
            raise ServiceError("ValidationException", "InstanceId and the filter Status=Pending exclude each other")
        found = [
            command
            for command in self._asked_commands(request)
            if command_matches(command, filters)
            and ("InstanceId" not in request or _invocations(command, request["InstanceId"]))
        ]
        commands, token = page(found, request, lambda command: command.command_id)
        return {"Commands": [command.description() for command in commands], **token}

    def list_invocations(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """ListCommandInvocations, those of the newest command first."""
        found = [
            invocation
            for command in self._asked_commands(request)
            for invocation in _invocations(command, request.get("InstanceId"))
            if invocation_matches(command, invocation.status, request.get("Filters", ()))
        ]
        invocations, token = page(found, request, lambda invocation: invocation.identity)
        details = request.get("Details", False)
        return {"CommandInvocations": [invocation.for_list(details=details) for invocation in invocations], **token}

    def get_invocation(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """GetCommandInvocation."""
        command = self._commands.get(request["CommandId"])
        found = _invocations(command, request["InstanceId"]) if command and self._is_visible(command) else ()
        if not found:
            raise ServiceError("InvocationDoesNotExist", "no such command, or not on that instance, or not visible yet")
        return found[0].for_get(request.get("PluginName"))

    def _check_addressees(self, request: Mapping[str, Any]) -> list[Instance]:
        """The instances named by id; none for a command by targets."""
        ids, by_target = request.get("InstanceIds") or [], request.get("Targets") or []
        if bool(ids) == bool(by_target):
            raise ServiceError(
                "ValidationException", "SendCommand: one of InstanceIds and Targets is required, not both"
            )
        if len(set(ids)) < len(ids):
            raise ServiceError("DuplicateInstanceId", "InstanceIds: an id stands there twice")
        targets.check(by_target)
        known = {instance.instance_id: instance for instance in self._fleet.list()}
        unknown = [one for one in ids if one not in known]
        if unknown:
            raise ServiceError(
                "InvalidInstanceId", f"Instances [{unknown}] not in a valid state for account {self._account}"
            )
        return [known[one] for one in ids]

    def _command(self, command_id: str) -> Command:
        command = self._commands.get(command_id)
        if command is None:
            raise ServiceError("InvalidCommandId", f"there is no command {command_id}")
        return command

    def _asked_commands(self, request: Mapping[str, Any]) -> list[Command]:
        asked = [self._command(request["CommandId"])] if "CommandId" in request else self._commands.values()
        return [command for command in asked if self._is_visible(command)]

    def _is_visible(self, command: Command) -> bool:
        return not self._clock.left(self._visible_from[command.command_id])


def _check_hash(request: Mapping[str, Any], version: DocumentVersion) -> None:
    """Whether the document is the one that the caller has seen; AWS does not say how it calls it if it is not.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html
    """
    if request.get("DocumentHashType", "Sha256") != "Sha256":
        raise not_emulated("DocumentHashType Sha1", "use Sha256")
    if request.get("DocumentHash", version.hash) != version.hash:
        raise ServiceError("InvalidDocument", f"version {version.number} of the document has another hash")


def _invocations(command: Command, instance_id: str | None) -> list[Invocation]:
    return [one for one in command.invocations if instance_id in {None, one.instance.instance_id}]


def _execution_timeout(version: DocumentVersion, values: Mapping[str, Any]) -> int:
    """Seconds that all steps together may run."""
    prepared = [replace_parameters(step.inputs, values) for step in version.content.steps]
    return sum(execution_timeout(inputs.get("timeoutSeconds")) for inputs in prepared)
