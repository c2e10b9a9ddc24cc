"""Starting a state machine for a request of which Slack shows nobody the answer."""

from __future__ import annotations

from chatops_runtime.contracts import request_log
from chatops_runtime.dispatch.aws_client import AwsError, AwsUnreachableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.dispatch.executions import Executions
    from chatops_runtime.dispatch.invocation import Invocation


class QuietStart:
    """Starts executions, and names the outcome instead of saying it."""

    def __init__(self, executions: Executions) -> None:
        """By means of `executions`."""
        self._executions = executions

    def outcome(
        self, machine: str, name: str, content: Mapping[str, object], invocation: Invocation, *, started: str
    ) -> str:
        """Start an execution; the outcome, of `chatops_runtime.contracts.request_log`.

        Args:
            machine: The state machine's name.
            name: The execution's name.
            content: The execution's input.
            invocation: Where the machine is, until when to answer, and what the log says.
            started: The outcome if it was started.
        """
        try:
            is_new = self._executions.start(invocation.machine_arn(machine), name, content, invocation.deadline)
        except AwsUnreachableError as error:
            invocation.note(detail=str(error))
            return request_log.START_UNANSWERED
        except AwsError as error:
            invocation.note(detail=str(error))
            return request_log.START_REFUSED
        return started if is_new else request_log.ALREADY_RECEIVED
