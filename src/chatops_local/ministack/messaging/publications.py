"""Everything that was published to topics, with what became of it: also where nobody has subscribed."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Delivery:
    """What one subscription got.

    Args:
        protocol: the subscription's protocol.
        endpoint: the ARN or the address.
        text: the message for this protocol.
        outcome: ``delivered``, ``recorded`` for what is not sent from this machine such as an e-mail,
            ``dead-lettered`` or ``refused``.
        reason: why it was not delivered; empty if it was.
    """

    protocol: str
    endpoint: str
    text: str
    outcome: str
    reason: str = ""


@dataclass
class Publication:
    """One message that a topic took.

    Args:
        topic_arn: the topic.
        message_id: its id.
        subject: its subject; empty if it has none.
        message: what was published: with ``MessageStructure`` ``json`` the text of every protocol.
        texts: the text by protocol; ``default`` is that of protocols which have none of their own.
        attributes: the values of its message attributes.
        deliveries: one for each subscription whose filter policy lets it pass.
    """

    topic_arn: str
    message_id: str
    subject: str
    message: str
    texts: dict[str, str]
    attributes: dict[str, str]
    deliveries: list[Delivery] = field(default_factory=list)


class Publications:
    """The publications of one emulator."""

    def __init__(self) -> None:
        """Start empty."""
        self._all: list[Publication] = []
        self._lock = threading.Lock()

    def add(self, publication: Publication) -> None:
        """Remember one."""
        with self._lock:
            self._all.append(publication)

    def listed(self, topic_arn: str | None = None) -> list[dict[str, object]]:
        """Those of a topic, or all, the earliest first."""
        with self._lock:
            return [asdict(each) for each in self._all if topic_arn in (None, each.topic_arn)]
