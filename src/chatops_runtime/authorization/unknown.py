"""What could not be found out, and why."""

from __future__ import annotations

from chatops_runtime.contracts import authorization as contract
from chatops_runtime.log_line import LoggableError


class UnknownError(LoggableError):
    """Slack did not tell. `why` is one of the contract's names for that."""

    why = contract.SLACK_REFUSED


class UnavailableError(UnknownError):
    """Slack may tell later."""

    why = contract.SLACK_UNAVAILABLE
