"""What is published once and done once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Job:
    """One job.

    Attributes:
        body: What is to be done: anything that JSON can say.
        key: What is done once: a job with the key of one that is done is skipped. Default: made of the content.
        attributes: Texts by which further subscribers of the topic filter, at most 8. Default: none.
        attempt: Of a job that is received: which try this is, from 1 on.
    """

    body: Any
    key: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    attempt: int = 1

    @classmethod
    def for_test(
        cls,
        body: Any,  # noqa: ANN401 - whatever JSON can say
        *,
        key: str = "",
        attributes: Mapping[str, str] | None = None,
        attempt: int = 1,
    ) -> Job:
        """A job as a handler receives it, for the handler's tests: `call(Job.for_test({"user": "U1"}))`."""
        return cls(body, key, dict(attributes or {}), attempt).with_key()

    def with_key(self, run: str = "") -> Job:
        """The job with a key: its own, or the hash of its content.

        Args:
            run: What else the hash is made of.
        """
        return self if self.key else replace(self, key=content_key(self.text(), run))

    def text(self) -> str:
        """The body as JSON, the same for the same content.

        Raises:
            TypeError: The body is nothing that JSON can say.
            ValueError: A number in it is none.
        """
        # ASCII, since SNS takes not every character: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
        return json.dumps(self.body, sort_keys=True, separators=(",", ":"), allow_nan=False)


def content_key(text: str, run: str = "") -> str:
    """The key of a job that was given none."""
    return hashlib.sha256(f"{run}\n{text}".encode()).hexdigest()
