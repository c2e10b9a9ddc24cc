"""What Lambda refuses when a queue is mapped to a function.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.encryption import encryption_key_of, to_read
from chatops_local.ministack.permissions.authorization import Access, Principal, first_denial
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_queue_by_arn = private("services.sqs:_queue_by_arn", "arn")
_get_func_record_for_ref = private("services.lambda_svc:_get_func_record_for_ref")

POLLER_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
"""https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions"""

_WITHOUT_WINDOW = 10
_LARGEST_BATCH = 10_000
_LONGEST_WINDOW = 300
_CONCURRENCY = range(2, 1001)


def apply() -> None:
    """Refuse mappings in templates as Lambda does."""
    handlers = _resource_handlers.get()["AWS::Lambda::EventSourceMapping"]
    handlers["create"] = _checked(handlers["create"], properties_at=1)
    handlers["update"] = _checked(handlers["update"], properties_at=2)


def poller_accesses(queue_arn: str) -> list[Access]:
    """What the role of the function needs, so that Lambda can poll the queue with it."""
    accesses = [Access(action, queue_arn) for action in POLLER_ACTIONS]
    return [*accesses, *to_read(queue_arn, encryption_key_of(queue_arn))]


def poller(configuration: Mapping[str, Any]) -> Principal:
    """Who polls: Lambda, in the role of the function."""
    return Principal(configuration["Role"], configuration["FunctionName"], configuration["FunctionArn"].split(":")[3])


def _checked(original: Untyped, *, properties_at: int) -> Untyped:
    def apply_properties(*arguments: Any, **options: Any) -> Untyped:  # noqa: ANN401 - MiniStack's arguments
        properties = arguments[properties_at]
        # Mappings of other sources have rules of their own.
        problem = mapping_problem(properties) if ":sqs:" in str(properties["EventSourceArn"]) else None
        if problem is not None:
            raise ValueError(problem)
        return original(*arguments, **options)

    return apply_properties


def mapping_problem(properties: Mapping[str, Any]) -> str | None:
    """Why Lambda refuses a mapping; None if it takes it."""
    queue_arn = str(properties["EventSourceArn"])
    _, configuration, _ = _get_func_record_for_ref.get()(properties["FunctionName"])
    if configuration is None:
        return f"Function not found: {properties['FunctionName']}"
    queue = _queue_by_arn.get()(queue_arn)
    if queue is None:
        return f"The provided queue does not exist: {queue_arn}"
    for access in poller_accesses(queue_arn):
        if first_denial(poller(configuration), [access]) is not None:
            service, _, action = access.action.partition(":")
            return f"The provided execution role does not have permissions to call {action} on {service.upper()}"
    visibility, timeout = int(queue["attributes"]["VisibilityTimeout"]), int(configuration.get("Timeout", 3))
    if visibility < timeout:
        return f"Queue visibility timeout: {visibility} seconds is less than Function timeout: {timeout} seconds"
    return _numbers_problem(properties, is_fifo=queue["is_fifo"])


def _numbers_problem(properties: Mapping[str, Any], *, is_fifo: bool) -> str | None:
    size = int(properties.get("BatchSize", 10))
    window = int(properties.get("MaximumBatchingWindowInSeconds", 0))
    concurrency = properties.get("ScalingConfig", {}).get("MaximumConcurrency")
    if not 1 <= size <= (_WITHOUT_WINDOW if is_fifo else _LARGEST_BATCH):
        return f"BatchSize {size} is not allowed for this queue"
    if is_fifo and window:
        return "Batching window is not supported for FIFO queues"
    if not 0 <= window <= _LONGEST_WINDOW:
        return f"MaximumBatchingWindowInSeconds {window} is not between 0 and {_LONGEST_WINDOW}"
    if size > _WITHOUT_WINDOW and window < 1:
        return "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
    if concurrency is not None and int(concurrency) not in _CONCURRENCY:
        return f"MaximumConcurrency {concurrency} is not between {_CONCURRENCY[0]} and {_CONCURRENCY[-1]}"
    return None
