"""What a task's resource means: which operation of which service, and which further permissions its pattern takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Access
from chatops_local.ministack.permissions.table import UncheckableError, accesses_of, is_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.permissions.place import Place

_OPTIMISED = {
    # The integration, and the service's name in the errors that AWS gives it.
    "lambda:invoke": ("lambda", "Invoke", "Lambda.AWSLambdaException"),
    "sns:publish": ("sns", "Publish", "SNS.AmazonSNSException"),
    "sqs:sendMessage": ("sqs", "SendMessage", "SQS.AmazonSQSException"),
    "states:startExecution": ("states", "StartExecution", "StepFunctions.AWSStepFunctionsException"),
    "events:putEvents": ("events", "PutEvents", "EventBridge.AmazonEventBridgeException"),
    "dynamodb:getItem": ("dynamodb", "GetItem", "DynamoDB.AmazonDynamoDBException"),
    "dynamodb:putItem": ("dynamodb", "PutItem", "DynamoDB.AmazonDynamoDBException"),
    "dynamodb:updateItem": ("dynamodb", "UpdateItem", "DynamoDB.AmazonDynamoDBException"),
    "dynamodb:deleteItem": ("dynamodb", "DeleteItem", "DynamoDB.AmazonDynamoDBException"),
}
_SDK_SERVICES = {
    # The SDK's name of a service, its IAM prefix, and the name that its errors begin with.
    "cloudwatchlogs": ("logs", "CloudWatchLogs"),
    "dynamodb": ("dynamodb", "DynamoDb"),
    "eventbridge": ("events", "EventBridge"),
    "lambda": ("lambda", "Lambda"),
    "sfn": ("states", "Sfn"),
    "sns": ("sns", "Sns"),
    "sqs": ("sqs", "Sqs"),
    "ssm": ("ssm", "Ssm"),
    "wafv2": ("wafv2", "Wafv2"),
}
_MODELLED_DENIALS = ("cloudwatchlogs", "eventbridge", "ssm")
"""Services whose model has AccessDeniedException. In the others a denial has the service's general exception."""

_RESOURCE = re.compile(r"arn:aws[a-z-]*:states:::(?P<name>.+?)(?P<pattern>\.sync:2|\.sync|\.waitForTaskToken)?")
_FUNCTION = re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:.+")
_MANAGED_RULE = "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"


@dataclass(frozen=True)
class Integration:
    """The call that a task makes.

    Args:
        service: the IAM prefix.
        operation: the operation of the API.
        pattern: an empty text, ``.sync``, ``.sync:2`` or ``.waitForTaskToken``.
        denial: the name of the error when the role may not make it.
        function: the function, when the resource is one.
    """

    service: str
    operation: str
    pattern: str
    denial: str
    function: str = ""

    @classmethod
    def parse(cls, resource: str) -> Integration:
        """What a task's ``Resource`` means.

        Raises:
            UncheckableError: if the local cloud cannot check the permissions of such a task.
        """
        if _FUNCTION.fullmatch(resource):
            return cls("lambda", "Invoke", "", "Lambda.AWSLambdaException", function=resource)
        parsed = _RESOURCE.fullmatch(resource)
        if parsed is None:
            raise UncheckableError(f"task resource {resource} is not emulated; use a service integration")
        name, pattern = parsed["name"], parsed["pattern"] or ""
        found = _sdk(name, pattern) if name.startswith("aws-sdk:") else _optimised(name, pattern)
        if found is None:
            raise UncheckableError(f"integration {name}{pattern} is not emulated")
        return found

    def accesses(self, arguments: Mapping[str, Any], place: Place) -> list[Access]:
        """What the role of the state machine needs to be allowed for these arguments."""
        request = {"FunctionName": self.function} if self.function else arguments
        accesses = accesses_of(self.service, self.operation, request, place)
        if self.pattern.startswith(".sync"):
            accesses += _following_an_execution(str(arguments["StateMachineArn"]), place)
        return accesses


def _optimised(name: str, pattern: str) -> Integration | None:
    if name not in _OPTIMISED:
        return None
    service, operation, denial = _OPTIMISED[name]
    if pattern.startswith(".sync") and name != "states:startExecution":
        return None
    return Integration(service, operation, pattern, denial)


def _sdk(name: str, pattern: str) -> Integration | None:
    _, sdk_service, operation = name.split(":")
    if sdk_service not in _SDK_SERVICES or pattern.startswith(".sync"):
        return None
    service, prefix = _SDK_SERVICES[sdk_service]
    operation = operation[:1].upper() + operation[1:]
    if not is_checkable(service, operation):
        return None
    own = f"{prefix}.AccessDeniedException" if sdk_service in _MODELLED_DENIALS else f"{prefix}.{prefix}Exception"
    return Integration(service, operation, pattern, own)


def _following_an_execution(state_machine: str, place: Place) -> list[Access]:
    """What ``.sync`` takes beside the start.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html#sync-async-iam-policies
    """
    executions = state_machine.replace(":stateMachine:", ":execution:") + ":*"
    rule = place.arn("events", _MANAGED_RULE)
    return [
        Access("states:DescribeExecution", executions),
        Access("states:StopExecution", executions),
        *(Access(f"events:{action}", rule) for action in ("PutTargets", "PutRule", "DescribeRule")),
    ]
