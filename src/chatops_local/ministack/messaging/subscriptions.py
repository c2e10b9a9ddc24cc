"""What SNS refuses to subscribe, in templates and through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_topics = private("services.sns:_topics")
_subscribe = private("services.sns:_subscribe", "params")
_error = private("services.sns:_error", "code, message, status")
_p = private("services.sns:_p", "params, key, default")
_get_func_record_for_ref = private("services.lambda_svc:_get_func_record_for_ref")

_RAW_PROTOCOLS = ("sqs", "http", "https", "firehose")


def apply() -> None:
    """Refuse as SNS does."""
    handlers = _resource_handlers.get()["AWS::SNS::Subscription"]
    handlers["create"] = _in_templates(handlers["create"])

    def through_the_api(original: Untyped) -> Untyped:
        def subscribe(params: Mapping[str, Any]) -> Untyped:
            read = _p.get()
            problem = subscription_problem(read(params, "TopicArn"), read(params, "Protocol"), read(params, "Endpoint"))
            return original(params) if problem is None else _error.get()("InvalidParameter", problem, 400)

        return subscribe

    _subscribe.wrap(through_the_api)


def subscription_problem(topic_arn: str, protocol: str, endpoint: str, *, raw: bool = False) -> str | None:
    """Why SNS refuses a subscription; None if it takes it.

    A FIFO queue takes from FIFO topics only: https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-delivery.html
    """
    if raw and protocol not in _RAW_PROTOCOLS:
        return (
            "Invalid parameter: Attributes Reason: RawMessageDelivery: "
            f"Delivery protocol [{protocol}] does not support raw message delivery."
        )
    if protocol == "sqs" and endpoint.endswith(".fifo") and not topic_arn.endswith(".fifo"):
        return "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"
    if protocol == "lambda" and _get_func_record_for_ref.get()(endpoint)[0] is None:
        return f"Invalid parameter: Lambda endpoint {endpoint} does not exist"
    return None


def _in_templates(original: Untyped) -> Untyped:
    def create(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> Untyped:
        topic_arn = str(properties.get("TopicArn", ""))
        if topic_arn not in _topics.get():
            raise ValueError("Topic does not exist")
        problem = subscription_problem(
            topic_arn,
            str(properties.get("Protocol", "")),
            str(properties.get("Endpoint", "")),
            raw=str(properties.get("RawMessageDelivery", "false")).lower() == "true",
        )
        if problem is not None:
            raise ValueError(problem)
        return original(logical_id, properties, stack_name)

    return create
