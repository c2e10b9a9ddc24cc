"""Publishes the jobs of a throttled fan-out."""

from __future__ import annotations

import os
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import fan_out as contract
from chatops_runtime.fan_out.entry import Entry, UnfitJobError, in_batches
from chatops_runtime.fan_out.publishing import Patience, Publisher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chatops_runtime.fan_out.job import Job


class NotPublishedError(Exception):
    """Jobs that could not be published, after every try; all others are.

    Attributes:
        jobs: These jobs. `publish(error.jobs)` tries them again, under the same keys.
        reasons: How many for which reason.
    """

    def __init__(self, jobs: Sequence[Job], reasons: Counter[str], published: int) -> None:
        """Hold the jobs.

        Args:
            jobs: What was not published.
            reasons: How many for which reason; nothing of a job's content.
            published: How many were.
        """
        self.jobs = tuple(jobs)
        self.reasons = reasons
        told = "; ".join(f"{count} × {reason}" for reason, count in reasons.most_common())
        super().__init__(
            f"{len(self.jobs)} of {len(self.jobs) + published} jobs were not published ({told}): "
            "they are in the error's `jobs`"
        )


class FanOut:
    """Publishes jobs, in batches.

    Example:
        from chatops_runtime import FanOut, Job

        def handler(event, context):
            FanOut().publish((Job({"user": user}) for user in users()), run=event["time"])

    The function has the topic's ARN and the permission by `ThrottledFanOut.publish_from(function)`.
    """

    def __init__(self, topic_arn: str | None = None, *, client: Any = None, patience: Patience | None = None) -> None:  # noqa: ANN401 - boto3's clients have no type
        """Publish to a topic.

        Args:
            topic_arn: The topic. Default: the one that `publish_from` has put into the environment.
            client: boto3's SNS client. Default: one for the topic's region.
            patience: How often, and how long, SNS is asked. Default: six times, within ten seconds.

        Raises:
            ValueError: There is no topic.
        """
        topic_arn = topic_arn or os.environ.get(contract.TOPIC, "")
        if not topic_arn.startswith("arn:"):
            raise ValueError(
                f"topic_arn is {topic_arn!r} and the environment variable {contract.TOPIC} says nothing else: "
                "give the topic's ARN, or let the stack say fan_out.publish_from(function)"
            )
        self._topic_arn = topic_arn
        self._given_client = client
        self._patience = patience or Patience()

    def publish(self, jobs: Iterable[Job], *, run: str = "") -> int:
        """Publish all jobs; those that fail are tried again, with back-off.

        A try whose answer is lost may have been taken: then the job is published twice and, by its key, done once.

        Args:
            jobs: The jobs, in any number; they are asked for one by one.
            run: What tells this run's jobs from those of an earlier run with the same content, such as the scheduled
                time: it is part of the keys that are made of the content. Default: the same content is the same job.

        Returns:
            How many were published: all.

        Raises:
            NotPublishedError: Some could not be published; it holds them.
        """
        lost: list[Job] = []
        reasons: Counter[str] = Counter()
        publisher = Publisher(self._client, self._topic_arn, self._patience)
        published = 0
        for batch in in_batches(_entries(jobs, run, lost, reasons)):
            failed = publisher.publish(batch)
            published += len(batch) - len(failed)
            lost += [entry.job for entry, _ in failed]
            reasons.update(reason for _, reason in failed)
        if lost:
            raise NotPublishedError(lost, reasons, published)
        return published

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - boto3's clients have no type
        if self._given_client is not None:
            return self._given_client
        import boto3  # noqa: PLC0415 - a test of a producer may do without

        return boto3.client("sns", region_name=self._topic_arn.split(":")[3])


def _entries(jobs: Iterable[Job], run: str, lost: list[Job], reasons: Counter[str]) -> Iterator[Entry]:
    """What can be published; what cannot is noted."""
    for job in jobs:
        entry = _entry(job, run)
        if isinstance(entry, Entry):
            yield entry
        else:
            lost.append(job)
            reasons[entry] += 1


def _entry(job: Job, run: str) -> Entry | str:
    """What is published, or why it cannot be."""
    try:
        return Entry.of(job, run)
    except UnfitJobError as error:
        return str(error)
