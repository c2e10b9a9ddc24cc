"""A change of an alarm's state: to topics, as far as their policies let CloudWatch in, and to EventBridge."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging.alarms.messages import State, event_detail, notification, subject
from chatops_local.ministack.messaging.encryption import service_write_denial
from chatops_local.ministack.permissions.authorization import Access
from chatops_local.ministack.permissions.service_principals import CLOUDWATCH_ALARMS, service_denial
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.messaging.refusals import Refusals

_dispatch_alarm_actions = private("services.cloudwatch:_dispatch_alarm_actions", "alarm, old_state, new_state, reason")
_publish_internal = private(
    "services.sns:publish_internal",
    "topic_arn, message, subject, message_structure, message_attributes, message_group_id, message_deduplication_id",
)
_put_events = private("services.eventbridge:_put_events", "data, allow_aws_source")

_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
_FIRST_REASON = "Unchecked: Initial alarm creation"


@dataclass(frozen=True)
class AlarmActions:
    """Tells of changes, in place of MiniStack, which asks no topic and tells EventBridge nothing.

    Args:
        refusals: gets what a topic does not take.
    """

    refusals: Refusals
    _last: dict[str, State] = field(default_factory=dict)

    def apply(self) -> None:
        """Take MiniStack's place."""

        def replaced(_original: Untyped) -> Untyped:
            def dispatch_alarm_actions(alarm: Mapping[str, Any], old_state: str, new_state: str, reason: str) -> None:
                self._tell(alarm, old_state, State(new_state, reason, datetime.now(timezone.utc)))

            return dispatch_alarm_actions

        _dispatch_alarm_actions.wrap(replaced)

    def _tell(self, alarm: Mapping[str, Any], old_value: str, new: State) -> None:
        arn = str(alarm["AlarmArn"])
        configured = datetime.fromtimestamp(alarm["AlarmConfigurationUpdatedTimestamp"], timezone.utc)
        old = self._last.get(arn, State(old_value, _FIRST_REASON, configured))
        self._last[arn] = new
        event = {
            "Source": "aws.cloudwatch",
            "DetailType": "CloudWatch Alarm State Change",
            "Detail": json.dumps(event_detail(alarm, old, new)),
            "Resources": [arn],
        }
        _put_events.get()({"Entries": [event]}, allow_aws_source=True)
        if alarm.get("ActionsEnabled", True):
            for topic_arn in alarm[_ACTIONS[new.value]]:
                self._publish(topic_arn, alarm, old, new)

    def _publish(self, topic_arn: str, alarm: Mapping[str, Any], old: State, new: State) -> None:
        arn = str(alarm["AlarmArn"])
        denial = service_denial(CLOUDWATCH_ALARMS, Access("sns:Publish", topic_arn), arn)
        denial = denial or service_write_denial(CLOUDWATCH_ALARMS, topic_arn, arn)
        if denial is None:
            _publish_internal.get()(topic_arn, notification(alarm, old, new), subject(alarm, new))
        else:
            self.refusals.note(CLOUDWATCH_ALARMS, arn, topic_arn, denial)
