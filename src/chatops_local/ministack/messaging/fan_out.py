"""Delivers what is published to the subscriptions of a topic."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.message_structure import text_for, texts
from chatops_local.ministack.messaging.notifications import Notification
from chatops_local.ministack.messaging.publications import Delivery, Publication
from chatops_local.ministack.messaging.queues import deliver_as_service
from chatops_local.ministack.permissions.authorization import Access
from chatops_local.ministack.permissions.service_principals import SNS, service_denial
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.messaging.publications import Publications
    from chatops_local.ministack.messaging.refusals import Refusals

_fanout = private(
    "services.sns:_fanout",
    "topic_arn, msg_id, message, subject, message_structure, message_attributes, message_group_id, message_dedup_id",
)
_topics = private("services.sns:_topics")
_matches_filter_policy = private("services.sns:_matches_filter_policy", "sub, message_attributes, message")
_send_subscription_confirmation = private("services.sns:_send_subscription_confirmation", "topic_arn, sub")
_get_func_record_for_ref = private("services.lambda_svc:_get_func_record_for_ref")
_execution_record_for_config = private("services.lambda_svc:_execution_record_for_config", "func, config")
_invoke_async_with_retry = private("services.lambda_svc:invoke_async_with_retry", "func, event")

_MAXIMUM_RAW_ATTRIBUTES = 10
"""https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FanOut:
    """Delivers and keeps the books.

    Args:
        publications: gets everything that is published.
        refusals: gets what a policy did not let through.
    """

    publications: Publications
    refusals: Refusals

    def apply(self) -> None:
        """Deliver in place of MiniStack, which asks no function for its permission and knows no dead-letter queue."""

        def replaced(_original: Untyped) -> Untyped:
            def fanout(
                topic_arn: str,
                msg_id: str,
                message: str,
                subject: str,
                message_structure: str = "",
                message_attributes: Mapping[str, Mapping[str, Any]] | None = None,
                message_group_id: str = "",  # noqa: ARG001 - FIFO topics are refused by the guard
                message_dedup_id: str = "",  # noqa: ARG001
            ) -> None:
                notification = Notification(topic_arn, msg_id, subject or "", message_attributes or {})
                self._publish(notification, message, message_structure)

            return fanout

        async def nothing_leaves_this_machine(topic_arn: str, sub: Mapping[str, Any]) -> None:
            _log.warning("%s is not asked to confirm its subscription to %s", sub["endpoint"], topic_arn)

        _fanout.wrap(replaced)
        _send_subscription_confirmation.wrap(lambda _original: nothing_leaves_this_machine)

    def _publish(self, notification: Notification, message: str, structure: str) -> None:
        by_protocol = texts(message, structure)
        publication = Publication(
            topic_arn=notification.topic_arn,
            message_id=notification.message_id,
            subject=notification.subject,
            message=message,
            texts=by_protocol,
            attributes={name: str(value.get("StringValue", "")) for name, value in notification.attributes.items()},
        )
        self.publications.add(publication)
        topic = _topics.get().get(notification.topic_arn)
        for subscription in [] if topic is None else list(topic["subscriptions"]):
            text = text_for(subscription["protocol"], by_protocol)
            if _matches_filter_policy.get()(subscription, notification.attributes, text):
                publication.deliveries.append(self._deliver(notification, subscription, text))

    def _deliver(self, notification: Notification, subscription: Mapping[str, Any], text: str) -> Delivery:
        protocol, endpoint = subscription["protocol"], subscription["endpoint"]
        if protocol == "sqs":
            reason = _to_queue(notification, subscription, text)
        elif protocol == "lambda":
            reason = _to_function(notification, subscription, text)
        else:
            return Delivery(protocol, endpoint, text, "recorded", "it is not sent from this machine")
        if reason is None:
            return Delivery(protocol, endpoint, text, "delivered")
        self.refusals.note(SNS, notification.topic_arn, endpoint, reason)
        outcome = "dead-lettered" if self._to_dead_letter_queue(notification, subscription, text) else "refused"
        return Delivery(protocol, endpoint, text, outcome, reason)

    def _to_dead_letter_queue(self, notification: Notification, subscription: Mapping[str, Any], text: str) -> bool:
        """Keep what could not be delivered: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html."""
        policy = subscription["attributes"].get("RedrivePolicy")
        if not policy:
            return False
        queue = json.loads(policy)["deadLetterTargetArn"]
        reason = _send(notification, {**subscription, "endpoint": queue}, text)
        if reason is not None:
            self.refusals.note(SNS, notification.topic_arn, queue, reason)
        return reason is None


def _to_queue(notification: Notification, subscription: Mapping[str, Any], text: str) -> str | None:
    if _is_raw(subscription) and len(notification.attributes) > _MAXIMUM_RAW_ATTRIBUTES:
        return f"raw delivery takes at most {_MAXIMUM_RAW_ATTRIBUTES} message attributes"
    return _send(notification, subscription, text)


def _send(notification: Notification, subscription: Mapping[str, Any], text: str) -> str | None:
    raw = _is_raw(subscription)
    return deliver_as_service(
        SNS,
        subscription["endpoint"],
        text if raw else notification.for_queue(text, subscription["arn"]),
        source_arn=notification.topic_arn,
        attributes=notification.attributes if raw else None,
    )


def _to_function(notification: Notification, subscription: Mapping[str, Any], text: str) -> str | None:
    arn = subscription["endpoint"]
    denial = service_denial(SNS, Access("lambda:InvokeFunction", arn), notification.topic_arn)
    if denial is not None:
        return denial
    function, configuration, _ = _get_func_record_for_ref.get()(arn)
    record = _execution_record_for_config.get()(function, configuration)
    _invoke_async_with_retry.get()(record, notification.for_function(text, subscription["arn"]))
    return None


def _is_raw(subscription: Mapping[str, Any]) -> bool:
    return str(subscription["attributes"].get("RawMessageDelivery", "false")).lower() == "true"
