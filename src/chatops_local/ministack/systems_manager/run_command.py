"""Plugs :mod:`chatops_local.run_command` into the emulated cloud: its API, its instances' rights, its events."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Access, Principal, first_denial
from chatops_local.ministack.permissions.systems_manager import parameter_arn
from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.systems_manager.instance_logs import InstanceLogs
from chatops_local.run_command import RunCommand, ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator
    from chatops_local.ministack.systems_manager.faults import Faults
    from chatops_local.run_command import Instance

_handle_request = private("services.ssm:handle_request", "method, path, headers, body, query_params")
_get_parameters = private("services.ssm:_get_parameters", "data")
_put_events = private("services.eventbridge:_put_events", "data, allow_aws_source")
_json_response = private("core.responses:json_response", "data, status, content_type")
_error_response = private(
    "core.responses:error_response_json", "code, message, status, extra, message_key, content_type"
)

_INSTEAD_OF = frozenset({"SendCommand", "GetCommandInvocation", "ListCommands", "DescribeInstanceInformation"})
"""What MiniStack has of Run Command; ours has these and more."""


def start(emulator: Emulator) -> RunCommand:
    """A Run Command of this account whose instances act in their own roles."""
    logs = InstanceLogs(emulator.region)
    directory = emulator.directory / "instances"
    directory.mkdir()
    service = RunCommand(
        account=emulator.account,
        region=emulator.region,
        directory=directory,
        time_scale=emulator.settings.time_scale,
        visibility_lag=emulator.settings.visibility_lag,
        resolve_parameter=lambda instance, name: _resolve_parameter(instance, name, emulator),
        write_log=logs.write,
        on_status_change=_publish,
        wall_clock=emulator.clock.now,
    )
    emulator.at_exit.append(service.close)
    return service


def route(service: RunCommand, faults: Faults) -> None:
    """Send Run Command's part of the Systems Manager API to the service, past the faults."""

    def routing(original: Untyped) -> Untyped:
        async def handle_request(
            method: str, path: str, headers: Mapping[str, str], body: bytes, query_params: object
        ) -> Untyped:
            action = headers.get("x-amz-target", "").rpartition(".")[2]
            if action in service.actions or action in _INSTEAD_OF:
                return await asyncio.to_thread(_answer, service, faults, action, body)
            return await original(method, path, headers, body, query_params)

        return handle_request

    _handle_request.wrap(routing)


def _answer(service: RunCommand, faults: Faults, action: str, body: bytes) -> Untyped:
    faults.holds.pass_through(action)
    if faults.throttles.is_throttled(action):
        return _error_response.get()("ThrottlingException", "Rate exceeded", 400)
    try:
        answer = service.call(action, json.loads(body or b"{}"))
    except ServiceError as error:
        return _error_response.get()(error.code, error.message, 400)
    if faults.lost_answers.is_lost(action):
        return _error_response.get()("InternalServerError", "An error occurred on the server side.", 500)
    return _json_response.get()(answer)


def instance_principal(instance: Instance, region: str) -> Principal | None:
    """The role of an instance's profile; its sessions are named after the instance."""
    return Principal(instance.role_arn, instance.instance_id, region) if instance.role_arn else None


def _resolve_parameter(instance: Instance, name: str, emulator: Emulator) -> str | list[str]:
    """What the agent gets from Parameter Store, with the rights of the instance's role."""
    principal = instance_principal(instance, emulator.region)
    if principal is None:
        raise ServiceError("AccessDeniedException", f"{instance.instance_id} has no role to read parameter {name} with")
    denial = first_denial(principal, [Access("ssm:GetParameters", parameter_arn(name, emulator.place))])
    if denial is not None:
        raise ServiceError("AccessDeniedException", denial)
    _, _, body = _get_parameters.get()({"Names": [name]})
    found: list[dict[str, Any]] = json.loads(body)["Parameters"]
    if not found or found[0]["Type"] == "SecureString":
        # The agent takes no SecureString in a document.
        raise ServiceError("ParameterNotFound", f"parameter {name} is missing, or is a SecureString")
    value: str = found[0]["Value"]
    return value.split(",") if found[0]["Type"] == "StringList" else value


def _publish(event: Mapping[str, Any]) -> None:
    entry = {
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "Resources": list(event.get("resources", [])),
    }
    _put_events.get()({"Entries": [entry]}, allow_aws_source=True)
