"""What SNS refuses to publish, and message attributes from state machines, which MiniStack does not see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.message_structure import message_problem, subject_problem
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_publish_internal = private(
    "services.sns:publish_internal",
    "topic_arn, message, subject, message_structure, message_attributes, message_group_id, message_deduplication_id",
)
_parse_message_attributes = private("services.sns:_parse_message_attributes", "params")
_SnsPublishError = private("services.sns:SnsPublishError", "code, message")
_dispatch_to_sns = private("services.eventbridge:_dispatch_to_sns", "arn, payload")


def apply() -> None:
    """Refuse what SNS refuses, on every way to a topic."""
    _publish_internal.wrap(_checked)
    _parse_message_attributes.wrap(_of_state_machines_too)
    # A rule sends the event and no subject. MiniStack adds one.
    _dispatch_to_sns.wrap(lambda _original: _without_subject)


def _without_subject(arn: str, payload: str) -> None:
    _publish_internal.get()(arn, payload)


def _checked(original: Untyped) -> Untyped:
    def publish_internal(topic_arn: str, message: object, subject: str = "", **options: Any) -> Untyped:  # noqa: ANN401
        text = message if isinstance(message, str) else json.dumps(message)
        problem = subject_problem(subject) or message_problem(text, options.get("message_structure", ""))
        if problem is not None:
            raise _SnsPublishError.get()("InvalidParameter", problem)
        return original(topic_arn, text, subject, **options)

    return publish_internal


def _of_state_machines_too(original: Untyped) -> Untyped:
    def parse_message_attributes(params: Mapping[str, Any]) -> Untyped:
        # A query has "MessageAttributes.entry.1.Name"; the arguments of a task have the attributes as they are.
        given = params.get("MessageAttributes")
        return dict(given) if isinstance(given, dict) else original(params)

    return parse_message_attributes
