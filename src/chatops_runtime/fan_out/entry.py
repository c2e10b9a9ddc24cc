"""A job as SNS takes it, and how much room it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import fan_out as contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chatops_runtime.fan_out.job import Job

# https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html: of a message, and of all of a batch together.
MOST_BYTES = 262_144
MOST_ENTRIES = 10

_STRING = "String"
# https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
_ATTRIBUTE_NAME = re.compile(r"(?!aws\.|amazon\.)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*", re.IGNORECASE)
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")


class UnfitJobError(Exception):
    """A job that SNS would not take. The text says why, and nothing of the job's content."""


@dataclass(frozen=True)
class Entry:
    """A job with its key, ready to be published.

    Attributes:
        job: The job.
        text: Its body.
        size: In bytes, as SNS counts.
    """

    job: Job
    text: str
    size: int

    @classmethod
    def of(cls, job: Job, run: str) -> Entry:
        """The entry of a job.

        Raises:
            UnfitJobError: Its body is nothing that JSON can say, its key or an attribute is none that SNS takes, or it
                is too large.
        """
        try:
            text = job.text()
        except (TypeError, ValueError, RecursionError):
            # JSON's own words may quote the content.
            raise UnfitJobError(
                "the job's body is nothing that JSON can say: give dicts, lists, texts, numbers"
            ) from None
        keyed = job.with_key(run)
        _check(keyed)
        attributes = _attributes(keyed)
        sizes = (len((name + _STRING + value).encode()) for name, value in attributes.items())
        entry = cls(keyed, text, len(text) + sum(sizes))
        if entry.size > MOST_BYTES:
            raise UnfitJobError(
                f"the job has {entry.size} bytes: SNS takes {MOST_BYTES}; put what is large elsewhere and name it"
            )
        return entry

    def to_request(self, id: str) -> dict[str, Any]:
        """As `PublishBatch` takes it."""
        attributes = _attributes(self.job).items()
        return {
            "Id": id,
            "Message": self.text,
            "MessageAttributes": {name: {"DataType": _STRING, "StringValue": value} for name, value in attributes},
        }


def in_batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The entries in their order, in batches as `PublishBatch` takes them."""
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        if batch and (len(batch) == MOST_ENTRIES or size + entry.size > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield batch


def _attributes(job: Job) -> dict[str, str]:
    return {**job.attributes, contract.KEY_ATTRIBUTE: job.key}


def _check(job: Job) -> None:
    if not isinstance(job.key, str):
        raise UnfitJobError(f"the job's key is of type {type(job.key).__name__}: give a str")
    if len(job.key) > contract.LONGEST_KEY or not _PRINTABLE.fullmatch(job.key):
        raise UnfitJobError(
            f"the job's key has {len(job.key)} characters or some that do not show: "
            f"give up to {contract.LONGEST_KEY} that do"
        )
    if len(job.attributes) > contract.MOST_ATTRIBUTES:
        raise UnfitJobError(f"the job has {len(job.attributes)} attributes: give up to {contract.MOST_ATTRIBUTES}")
    for name, value in job.attributes.items():
        if name in contract.RESERVED_ATTRIBUTES or not _ATTRIBUTE_NAME.fullmatch(name):
            raise UnfitJobError(
                f"the job's attribute {name!r} has no name that SNS takes, or one of ours "
                f"({', '.join(contract.RESERVED_ATTRIBUTES)}): use letters, digits, -, _ and ."
            )
        if not isinstance(value, str):
            raise UnfitJobError(f"the job's attribute {name} is of type {type(value).__name__}: give a str")
        if not _PRINTABLE.fullmatch(value):
            raise UnfitJobError(f"the job's attribute {name} is empty or has characters that do not show: give others")
