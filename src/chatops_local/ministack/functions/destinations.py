"""Where Lambda sends what became of an asynchronous invocation, with the rights of the function's role.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chatops_local.ministack.messaging.encryption import encryption_key_of, to_write
from chatops_local.ministack.messaging.queues import put
from chatops_local.ministack.permissions.authorization import Access, Principal, first_denial
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_get_func_record_for_ref = private("services.lambda_svc:_get_func_record_for_ref", "function_ref")
_queue_by_arn = private("services.sqs:_queue_by_arn", "arn")
_publish_internal = private("services.sns:publish_internal")
_put_events = private("services.eventbridge:_put_events", "data, allow_aws_source")

SUCCESS, EXHAUSTED, TOO_OLD = "Success", "RetriesExhausted", "EventAgeExceeded"

_TYPE = "AWS::Lambda::EventInvokeConfig"
_ACTIONS = {
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
    "events": "events:PutEvents",
}


@dataclass(frozen=True)
class Ended:
    """An invocation that has come to its end.

    Args:
        configuration: of the function.
        condition: ``Success``, ``RetriesExhausted`` or ``EventAgeExceeded``.
        attempts: how often the function has run for it.
        event: what it was invoked with.
        payload: what the last attempt gave.
    """

    configuration: Mapping[str, Any]
    condition: str
    attempts: int
    event: object
    payload: object

    def record(self) -> dict[str, Any]:
        """What the destination gets."""
        failed = {} if self.condition == SUCCESS else {"functionError": "Unhandled"}
        response = {"statusCode": 200, "executedVersion": self.configuration.get("Version", "$LATEST"), **failed}
        arn = str(self.configuration["FunctionArn"])
        return {
            "version": "1.0",
            "timestamp": f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
            "requestContext": {
                "requestId": str(uuid4()),
                "functionArn": arn if arn.count(":") > 6 else f"{arn}:$LATEST",
                "condition": self.condition,
                "approximateInvokeCount": self.attempts,
            },
            "requestPayload": self.event,
            # An event that has grown too old has no response.
            **({} if self.condition == TOO_OLD else {"responseContext": response, "responsePayload": self.payload}),
        }


def apply() -> None:
    """Refuse a destination that the function's role may not reach, as Lambda does when it is configured."""
    handlers = _resource_handlers.get()[_TYPE]
    handlers["create"] = _checked(handlers["create"], properties_at=1)
    handlers["update"] = _checked(handlers["update"], properties_at=2)


def destination_of(settings: Mapping[str, Any], condition: str) -> str | None:
    """The ARN of the destination for an end, as an event invoke configuration says; None if there is none."""
    destinations = settings.get("DestinationConfig") or {}
    one = destinations.get("OnSuccess" if condition == SUCCESS else "OnFailure") or {}
    return one.get("Destination") or None


def send(ended: Ended, destination: str, invoke: Callable[[str, object], bool]) -> str | None:
    """Send the record of an end; why that could not be done, or None.

    Args:
        ended: the end.
        destination: the ARN of a queue, a topic, a function or an event bus.
        invoke: invokes the function of an ARN.
    """
    denial = first_denial(_principal(ended.configuration), _accesses(destination))
    if denial is not None:
        return denial
    record = ended.record()
    body, service = json.dumps(record, ensure_ascii=False), destination.split(":")[2]
    if service == "sqs":
        queue = _queue_by_arn.get()(destination)
        if queue is None:
            return f"queue {destination} does not exist"
        put(queue, body, {})
    elif service == "sns":
        _publish_internal.get()(destination, body)
    elif service == "lambda":
        return None if invoke(destination, record) else f"function {destination} does not exist"
    else:
        result = "Success" if ended.condition == SUCCESS else "Failure"
        entry = {
            "Source": "lambda",
            "DetailType": f"Lambda Function Invocation Result - {result}",
            "Detail": body,
            "Resources": [destination, str(record["requestContext"]["functionArn"])],
            "EventBusName": destination,
        }
        _put_events.get()({"Entries": [entry]}, allow_aws_source=True)
    return None


def _accesses(destination: str) -> list[Access]:
    service = destination.split(":")[2]
    accesses = [Access(_ACTIONS[service], destination)]
    if service in ("sqs", "sns"):
        accesses += to_write(destination, encryption_key_of(destination))
    return accesses


def _principal(configuration: Mapping[str, Any]) -> Principal:
    region = str(configuration["FunctionArn"]).split(":")[3]
    return Principal(configuration["Role"], configuration["FunctionName"], region)


def _checked(original: Untyped, *, properties_at: int) -> Untyped:
    def apply_properties(*arguments: Any, **options: Any) -> Untyped:  # noqa: ANN401 - MiniStack's arguments
        problem = _problem(arguments[properties_at])
        if problem is not None:
            raise ValueError(problem)
        return original(*arguments, **options)

    return apply_properties


def _problem(properties: Mapping[str, Any]) -> str | None:
    _, configuration, _ = _get_func_record_for_ref.get()(properties["FunctionName"])
    for condition in (SUCCESS, EXHAUSTED) if configuration else ():
        destination = destination_of(properties, condition)
        if destination is None:
            continue
        if destination.split(":")[2] not in _ACTIONS:
            return f"destination {destination} is not emulated; there are {', '.join(_ACTIONS)}"
        if first_denial(_principal(configuration), _accesses(destination)) is not None:
            action = _ACTIONS[destination.split(":")[2]].partition(":")[2]
            return f"The function's execution role does not have permissions to call {action} on {destination}"
    return None
