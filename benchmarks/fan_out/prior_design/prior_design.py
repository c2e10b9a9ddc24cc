"""Producer → SNS → a function whose reserved concurrency is the throttle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

if TYPE_CHECKING:
    from collections.abc import Mapping

CODE = Path(__file__).parent / "functions"


class PriorDesign(Construct):
    """What was built by hand.

    Attributes:
        producer: Publishes the jobs.
        consumer: Does one of them.
    """

    def __init__(self, scope: Construct, id: str, *, concurrency: int, environment: Mapping[str, str]) -> None:
        """Create it.

        Args:
            scope: The parent.
            id: The id in `scope`.
            concurrency: What is reserved for the consumer.
            environment: Of the consumer.
        """
        super().__init__(scope, id)
        topic = sns.Topic(self, "Topic")
        self.producer = self._function(
            "Producer", "calls.produce", {"TOPIC": topic.topic_arn}, timeout=cdk.Duration.minutes(5)
        )
        topic.grant_publish(self.producer)
        self.consumer = self._function("Consumer", "calls.call", environment, concurrency=concurrency)
        topic.add_subscription(subscriptions.LambdaSubscription(self.consumer))

    def _function(
        self,
        id: str,
        handler: str,
        environment: Mapping[str, str],
        *,
        concurrency: int | None = None,
        timeout: cdk.Duration | None = None,
    ) -> lambda_.Function:
        return lambda_.Function(
            self,
            id,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(CODE), exclude=["**/__pycache__"]),
            handler=handler,
            memory_size=256,
            timeout=timeout or cdk.Duration.minutes(1),
            environment=dict(environment),
            reserved_concurrent_executions=concurrency,
        )
