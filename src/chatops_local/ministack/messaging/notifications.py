"""The documents that subscribers get.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNATURE = "bm90IHNpZ25lZDogbG9jYWwgY2xvdWQ="
"""Nothing here has AWS's private key."""


@dataclass(frozen=True)
class Notification:
    """A message on its way to the subscribers of a topic.

    Args:
        topic_arn: the topic.
        message_id: the message's id.
        subject: its subject; empty if it has none.
        attributes: its message attributes, as Publish takes them.
    """

    topic_arn: str
    message_id: str
    subject: str
    attributes: Mapping[str, Mapping[str, Any]]

    def for_queue(self, text: str, subscription_arn: str) -> str:
        """The body of the message in a queue, without raw delivery."""
        document = {
            "Type": "Notification",
            "MessageId": self.message_id,
            "TopicArn": self.topic_arn,
            **({"Subject": self.subject} if self.subject else {}),
            "Message": text,
            "Timestamp": _now(),
            "SignatureVersion": "1",
            "Signature": _SIGNATURE,
            "SigningCertURL": f"{self._endpoint}/SimpleNotificationService.pem",
            "UnsubscribeURL": f"{self._endpoint}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}",
            **({"MessageAttributes": self._attributes} if self.attributes else {}),
        }
        return json.dumps(document, indent=2, ensure_ascii=False)

    def for_function(self, text: str, subscription_arn: str) -> dict[str, Any]:
        """The event of a function."""
        record = {
            "SignatureVersion": "1",
            "Timestamp": _now(),
            "Signature": _SIGNATURE,
            "SigningCertUrl": f"{self._endpoint}/SimpleNotificationService.pem",
            "MessageId": self.message_id,
            "Message": text,
            "MessageAttributes": self._attributes,
            "Type": "Notification",
            "UnsubscribeUrl": f"{self._endpoint}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}",
            "TopicArn": self.topic_arn,
            "Subject": self.subject or None,
        }
        return {
            "Records": [
                {
                    "EventSource": "aws:sns",
                    "EventVersion": "1.0",
                    "EventSubscriptionArn": subscription_arn,
                    "Sns": record,
                }
            ]
        }

    @property
    def _endpoint(self) -> str:
        return f"https://sns.{self.topic_arn.split(':')[3]}.amazonaws.com"

    @property
    def _attributes(self) -> dict[str, dict[str, str]]:
        return {
            name: {"Type": str(value["DataType"]), "Value": str(value.get("StringValue", value.get("BinaryValue", "")))}
            for name, value in self.attributes.items()
        }


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
