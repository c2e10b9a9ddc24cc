"""A command that was sent: what was asked, its invocations, and their sum."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import statuses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .document import Document, DocumentVersion
    from .document_parameters import ParameterValue
    from .invocation import Invocation
    from .statuses import Status

DEFAULT_DELIVERY_TIMEOUT = 3600
DEFAULT_MAX_CONCURRENCY = "50"
DEFAULT_MAX_ERRORS = "0"


@dataclass(eq=False)
class Command:
    """The caller holds the lock. Document version and parameter values are those of the moment of sending."""

    command_id: str
    request: Mapping[str, Any] = field(repr=False)  # holds parameter values, which may be secrets
    document: Document
    version: DocumentVersion
    parameters: Mapping[str, ParameterValue] = field(repr=False)
    requested: float
    expires: float
    invocations: Sequence[Invocation] = ()
    status: Status = statuses.PENDING
    cancelled: bool = False

    @property
    def targets(self) -> Sequence[Mapping[str, Any]]:
        """`Targets`; none for a command to instances by id."""
        return self.request.get("Targets") or ()

    @property
    def delivery_timeout(self) -> int:
        """Seconds until an instance must have begun."""
        return int(self.request.get("TimeoutSeconds", DEFAULT_DELIVERY_TIMEOUT))

    @property
    def max_concurrency(self) -> int:
        """How many instances may run it at the same time. A percentage is rounded up, so that it is at least one."""
        return max(
            1, _share(self.request.get("MaxConcurrency", DEFAULT_MAX_CONCURRENCY), len(self.invocations), up=True)
        )

    @property
    def max_errors(self) -> int:
        """How many errors there may be; one more stops the command. A percentage is rounded down."""
        return _share(self.request.get("MaxErrors", DEFAULT_MAX_ERRORS), len(self.invocations), up=False)

    @property
    def error_count(self) -> int:
        """Invocations that failed or ran out of time."""
        return sum(invocation.status in statuses.ERRORS for invocation in self.invocations)

    @property
    def log_group(self) -> str | None:
        """Where output goes in CloudWatch Logs (amazon-ssm-agent: `generateCloudWatchConfigFromPayload`)."""
        config = self.request.get("CloudWatchOutputConfig", {})
        if not config.get("CloudWatchOutputEnabled", False):
            return None
        return config.get("CloudWatchLogGroupName") or re.sub(
            r"[^a-zA-Z0-9_\-/.#]", ".", f"/aws/ssm/{self.document.name}"
        )

    def common_description(self) -> dict[str, Any]:
        """What a command and its invocations show alike."""
        return {
            "Comment": self.request.get("Comment", ""),
            "DocumentName": self.document.name,
            "DocumentVersion": self.request.get("DocumentVersion", "$DEFAULT"),
            "CloudWatchOutputConfig": {
                "CloudWatchOutputEnabled": False,
                **self.request.get("CloudWatchOutputConfig", {}),
            },
        }

    def description(self) -> dict[str, Any]:
        """`Command`."""
        ended = [invocation.status for invocation in self.invocations if invocation.status.is_terminal]
        return {
            "CommandId": self.command_id,
            **self.common_description(),
            "ExpiresAfter": self.expires,
            "Parameters": self.request.get("Parameters", {}),
            "InstanceIds": list(self.request.get("InstanceIds", ())),
            "Targets": list(self.targets),
            "RequestedDateTime": self.requested,
            "Status": self.status.status,
            "StatusDetails": self.status.details,
            "MaxConcurrency": self.request.get("MaxConcurrency", DEFAULT_MAX_CONCURRENCY),
            "MaxErrors": self.request.get("MaxErrors", DEFAULT_MAX_ERRORS),
            "TargetCount": len(self.invocations),
            "CompletedCount": len(ended),
            "ErrorCount": self.error_count,
            "DeliveryTimedOutCount": ended.count(statuses.DELIVERY_TIMED_OUT),
            "TimeoutSeconds": self.delivery_timeout,
        }


def _share(limit: str, of: int, *, up: bool) -> int:
    if not limit.endswith("%"):
        return int(limit)
    hundredths = int(limit[:-1]) * of
    return -(-hundredths // 100) if up else hundredths // 100
