"""The events that Systems Manager sends to EventBridge when a command's or an invocation's status changes.

https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
The details hold no StatusDetails: NoInstancesInTag looks like any Success.
"""

from __future__ import annotations

import logging
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from .clock import iso8601

if TYPE_CHECKING:
    from collections.abc import Callable

    from .command import Command
    from .fleet import Instance
    from .invocation import Invocation

SOURCE = "aws.ssm"
COMMAND_CHANGED = "EC2 Command Status-change Notification"
INVOCATION_CHANGED = "EC2 Command Invocation Status-change Notification"

_log = logging.getLogger("chatops_local.run_command")


class StatusEvents:
    """Hands every event to a listener: one after the other, in order, in a thread of its own, without our lock."""

    def __init__(self, listener: Callable[[dict[str, Any]], None] | None, *, account: str, region: str) -> None:
        """Take the listener; without one nothing is sent."""
        self._listener = listener
        self._account = account
        self._region = region
        self._queue: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._thread = Thread(target=self._deliver, name="run-command-events", daemon=True)
        self._thread.start()

    def command_changed(self, command: Command) -> None:
        """Tell that the whole command has a new status."""
        detail = {
            **_common_detail(command),
            "expire-after": iso8601(command.expires),
            "parameters": command.request.get("Parameters", {}),
            "status": command.status.status,
        }
        self._queue.put(self._event(COMMAND_CHANGED, detail, [one.instance for one in command.invocations]))

    def invocation_changed(self, invocation: Invocation) -> None:
        """Tell that one invocation has a new status."""
        detail = {
            **_common_detail(invocation.command),
            "instance-id": invocation.instance.instance_id,
            "status": invocation.status.status,
        }
        self._queue.put(self._event(INVOCATION_CHANGED, detail, [invocation.instance]))

    def close(self) -> None:
        """Hand over what is left, and stop."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _event(self, detail_type: str, detail: dict[str, Any], instances: list[Instance]) -> dict[str, Any]:
        prefix = f"arn:aws:ec2:{self._region}:{self._account}:instance/"
        resources = [prefix + instance.instance_id for instance in instances]
        return {"source": SOURCE, "detail-type": detail_type, "resources": resources, "detail": detail}

    def _deliver(self) -> None:
        while (event := self._queue.get()) is not None:
            try:
                if self._listener is not None:
                    self._listener(event)
            except Exception:  # noqa: BLE001, PERF203 - the listener is not ours, and the next event has to come
                _log.exception("the listener failed at an event %r", event["detail-type"])


def _common_detail(command: Command) -> dict[str, Any]:
    return {
        "command-id": command.command_id,
        "document-name": command.document.name,
        "requested-date-time": iso8601(command.requested),
    }
