"""The filters of ListCommands and ListCommandInvocations.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CommandFilter.html
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from .errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .command import Command
    from .statuses import Status

_ANY_STATUS = frozenset({
    "Pending", "InProgress", "Success", "Cancelled", "Failed", "TimedOut", "AccessDenied",
    "DeliveryTimedOut", "ExecutionTimedOut",
})  # fmt: skip
_COMMAND_STATUSES = _ANY_STATUS | {"Incomplete", "NoInstancesInTag", "LimitExceeded"}
_INVOCATION_STATUSES = _ANY_STATUS | {"Delayed", "Undeliverable", "InvalidPlatform", "Terminated"}


def command_matches(command: Command, filters: Iterable[Mapping[str, str]]) -> bool:
    """Whether a command passes every filter of ListCommands.

    Raises:
        ServiceError: A filter's value is not allowed.
    """
    return all(_command_matches_one(command, one["key"], one["value"]) for one in filters)


def invocation_matches(command: Command, status: Status, filters: Iterable[Mapping[str, str]]) -> bool:
    """Whether an invocation of `command` with `status` passes every filter of ListCommandInvocations.

    Raises:
        ServiceError: A filter's key or value is not allowed.
    """
    return all(_invocation_matches_one(command, status, one["key"], one["value"]) for one in filters)


def _command_matches_one(command: Command, key: str, value: str) -> bool:
    if key == "Status":
        return _status_matches(command.status, value, _COMMAND_STATUSES)
    if key == "ExecutionStage":
        _check_value(key, value, frozenset({"Executing", "Complete"}))
        return command.status.is_terminal == (value == "Complete")
    return _matches_of_command(command, key, value)


def _invocation_matches_one(command: Command, status: Status, key: str, value: str) -> bool:
    if key == "Status":
        return _status_matches(status, value, _INVOCATION_STATUSES)
    if key == "ExecutionStage":
        raise ServiceError("InvalidFilterKey", "filter key ExecutionStage is for ListCommands only")
    return _matches_of_command(command, key, value)


def _matches_of_command(command: Command, key: str, value: str) -> bool:
    if key == "DocumentName":
        return command.document.name == value
    moment = _moment(key, value)
    return command.requested > moment if key == "InvokedAfter" else command.requested < moment


def _status_matches(status: Status, value: str, allowed: frozenset[str]) -> bool:
    _check_value("Status", value, allowed)
    return value in status


def _check_value(key: str, value: str, allowed: frozenset[str]) -> None:
    if value not in allowed:
        raise ServiceError("ValidationException", f"filter {key}={value}: {', '.join(sorted(allowed))} are allowed")


def _moment(key: str, value: str) -> float:
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        message = f"filter {key}={value}: a timestamp such as 2024-07-07T00:00:00Z is allowed"
        raise ServiceError("ValidationException", message) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
