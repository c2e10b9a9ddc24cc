"""Starting a schedule's target in the schedule's role."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Principal, first_denial
from chatops_local.ministack.permissions.table import accesses_of
from chatops_local.ministack.private import private
from chatops_local.ministack.scheduler.execution_role import can_be_assumed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.functions.asynchronous import AsynchronousInvocations
    from chatops_local.ministack.permissions.place import Place

_start_execution = private("services.stepfunctions:_start_execution", "data")
_act_send_message = private("services.sqs:_act_send_message", "data, qurl")
_queue_url = private("services.sqs:_queue_url", "name")
_SqsError = private("services.sqs:_Err", "code, message, status")

_OK = 200
_DENIED = "AccessDeniedException"


class InvocationError(Exception):
    """A target, or a dead-letter queue, that did not take an invocation.

    Attributes:
        code: the name of the error.
        message: its text.
    """

    def __init__(self, code: str, message: str) -> None:
        """Say what AWS would say."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Request:
    """A call that Scheduler makes for a schedule."""

    service: str
    operation: str
    parameters: Mapping[str, Any]

    @property
    def text(self) -> str:
        """As a dead-letter queue gets it."""
        return json.dumps(self.parameters)


class Targets:
    """Calls the services that schedules have as targets."""

    def __init__(self, place: Place, functions: AsynchronousInvocations) -> None:
        """Judge what roles may do at `place`, and invoke with `functions`."""
        self._place = place
        self._functions = functions
        self._failures: list[InvocationError] = []

    def fail_next(self, times: int, code: str) -> None:
        """Let the next invocations fail with an error of the target's service, such as ThrottlingException."""
        self._failures += [InvocationError(code, "injected by the test")] * times

    @staticmethod
    def request_for(target: Mapping[str, Any], payload: str) -> Request:
        """The call that a target stands for: which kinds there are is checked when a schedule is created.

        https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
        """
        arn = str(target["Arn"])
        service = arn.split(":")[2]
        if service == "sqs":
            return Request("sqs", "SendMessage", {"QueueUrl": _url_of(arn), "MessageBody": payload})
        if service == "lambda":
            parameters = {"FunctionName": arn, "InvocationType": "Event", "Payload": payload}
            return Request("lambda", "Invoke", parameters)
        return Request("states", "StartExecution", {"StateMachineArn": arn, "Input": payload})

    def invoke(self, request: Request, role_arn: str, schedule_arn: str) -> str:
        """Make the call; the ARN of the execution that it started, if it did.

        Raises:
            InvocationError: it failed.
        """
        if self._failures:
            raise self._failures.pop(0)
        return self.call(request, role_arn, schedule_arn)

    def call(self, request: Request, role_arn: str, schedule_arn: str) -> str:
        """The same, without injected failures: for a dead-letter queue."""
        if not can_be_assumed(role_arn, schedule_arn):
            raise InvocationError(_DENIED, f"EventBridge Scheduler cannot assume the role {role_arn}")
        place = self._place.at(schedule_arn.split(":")[3])
        principal = Principal(role_arn, "scheduler", place.region)
        accesses = accesses_of(request.service, request.operation, request.parameters, place)
        denial = first_denial(principal, accesses)
        if denial is not None:
            raise InvocationError(_DENIED, denial)
        if request.service == "states":
            return _started(request.parameters)
        if request.service == "lambda":
            self._invoke_function(request.parameters)
        else:
            _send(request.parameters)
        return ""

    def _invoke_function(self, parameters: Mapping[str, Any]) -> None:
        try:
            event = json.loads(parameters["Payload"])
        except ValueError as error:
            # https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
            message = f"Could not parse request body into json: {error}"
            raise InvocationError("InvalidRequestContentException", message) from error
        if not self._functions.invoke_arn(parameters["FunctionName"], event):
            raise InvocationError("ResourceNotFoundException", f"Function not found: {parameters['FunctionName']}")


def dead_letter(queue_arn: str, body: str, attributes: Mapping[str, str]) -> Request:
    """The call that puts a dead-letter event into a queue."""
    given = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    parameters = {"QueueUrl": _url_of(queue_arn), "MessageBody": body, "MessageAttributes": given}
    return Request("sqs", "SendMessage", parameters)


def _url_of(queue_arn: str) -> str:
    url: str = _queue_url.get()(queue_arn.rpartition(":")[2])
    return url


def _started(parameters: Mapping[str, Any]) -> str:
    status, _, body = _start_execution.get()(
        {"stateMachineArn": parameters["StateMachineArn"], "input": parameters["Input"]}
    )
    content = json.loads(body)
    if status != _OK:
        raise InvocationError(str(content.get("__type", "")).rpartition("#")[2], str(content.get("message", "")))
    return str(content["executionArn"])


def _send(parameters: Mapping[str, Any]) -> None:
    try:
        _act_send_message.get()(dict(parameters), "")
    except _SqsError.get() as error:
        raise InvocationError(error.code, error.message) from error
