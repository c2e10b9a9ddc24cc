"""StartExecution, and what came of it."""

from __future__ import annotations

from chatops_runtime.dispatch.aws_client import AwsError, AwsUnreachableError
from chatops_runtime.dispatch.command_request import input_text
from chatops_runtime.dispatch.retries import Attempts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.dispatch.aws_client import AwsClient
    from chatops_runtime.dispatch.deadline import Deadline

_ATTEMPT_SECONDS = 1.2  # so that a second attempt fits when the first one gets no answer


class Executions:
    """Executions of state machines."""

    def __init__(self, client: AwsClient) -> None:
        """Started through `client`."""
        self._client = client

    def start(self, machine_arn: str, name: str, content: Mapping[str, object], deadline: Deadline) -> bool:
        """Start one; False when there was an execution of that name already, so that this request started nothing.

        Repeating the call is safe: name and input are the same, so Step Functions answers with the execution that the
        first call started (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html).

        Args:
            machine_arn: Of which state machine.
            name: The execution's name.
            content: The execution's input.
            deadline: Until when to try.

        Raises:
            AwsError: Step Functions refused, for good or until the deadline.
            AwsUnreachableError: Step Functions gave no answer to rely on until the deadline: what it did is unknown.
        """
        payload = {"stateMachineArn": machine_arn, "name": name, "input": input_text(content)}
        attempts = Attempts(self._client, "StartExecution", payload)
        try:
            attempts.result(deadline, _ATTEMPT_SECONDS)
        except AwsError as error:
            if error.code == "ExecutionAlreadyExists":
                return attempts.uncertain > 0  # after a call without an answer it is most likely that call's own
            if attempts.uncertain and error.is_transient:
                raise AwsUnreachableError("StartExecution", error) from None
            raise
        return True
