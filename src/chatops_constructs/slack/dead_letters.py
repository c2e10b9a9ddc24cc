"""What could not be told to anybody, kept until somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from chatops_constructs._acknowledge import acknowledge
from chatops_constructs._use_of_key import use_of_key
from chatops_constructs.slack.notice_queue import USE_OF_KEY, notice_queue
from chatops_constructs.workflow.asl import integration, retry

if TYPE_CHECKING:
    from aws_cdk import aws_sqs as sqs

# The longest that SQS has: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
RETENTION = Duration.days(14)

# What a dead letter is, in its message attribute `kind`; that of an event has those of EventBridge instead.
REPORT = "report"
AUDIT = "audit"


class DeadLetters(Construct):
    """A queue for reports that Slack did not take, audit lines that were not written and events that started nothing.

    Attributes:
        queue: The queue: encrypted, over TLS only.
        url: Its URL.
        arn: Its ARN.
    """

    def __init__(self, scope: Construct, id: str, *, encryption_key: kms.IKey | None) -> None:
        """Create the queue.

        Args:
            scope: The parent.
            id: The id in `scope`.
            encryption_key: Encrypts it. None: a key of SQS's.
        """
        super().__init__(scope, id)
        self._encryption_key = encryption_key
        self.queue: sqs.Queue = notice_queue(self, "Queue", encryption_key=encryption_key, retention=RETENTION)
        self.url: str = self.queue.queue_url
        self.arn: str = self.queue.queue_arn
        acknowledge(self.queue, "AwsSolutions-SQS3", "it is a dead-letter queue itself, of state machines and rules")

    def send_statements(self) -> list[iam.PolicyStatement]:
        """What sending to the queue takes."""
        statements = [iam.PolicyStatement(sid="KeepUndelivered", actions=["sqs:SendMessage"], resources=[self.arn])]
        if self._encryption_key is not None:
            statements.append(
                use_of_key(
                    self._encryption_key.key_arn,
                    sid="EncryptUndelivered",
                    service="sqs",
                    region=Stack.of(self).region,
                )
            )
        return statements

    def take_from_rules(self, rules: str) -> None:
        """Let EventBridge keep here what the targets of rules did not take.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html

        Args:
            rules: The pattern of the rules' ARNs.
        """
        eventbridge = iam.ServicePrincipal("events.amazonaws.com")
        from_rules = {"ArnLike": {"aws:SourceArn": rules}}
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowRules",
                principals=[eventbridge],
                actions=["sqs:SendMessage"],
                resources=[self.arn],
                conditions=from_rules,
            )
        )
        if self._encryption_key is not None:
            self._encryption_key.add_to_resource_policy(
                iam.PolicyStatement(
                    sid="AllowRulesToKeepEvents",
                    principals=[eventbridge],
                    actions=USE_OF_KEY,
                    resources=["*"],
                    conditions=from_rules,
                )
            )


def keeping(body: Any, *, kind: str, dead_letters: DeadLetters, attempts: int) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A task that keeps a dead letter, but for what comes next.

    Args:
        body: The letter: an expression for a text, or JSON.
        kind: What it is.
        dead_letters: Where it is kept.
        attempts: How often it is tried again.
    """
    return {
        "Type": "Task",
        "Resource": integration("sqs:sendMessage"),
        "Arguments": {
            "QueueUrl": dead_letters.url,
            "MessageBody": body,
            "MessageAttributes": {"kind": {"DataType": "String", "StringValue": kind}},
        },
        "Retry": retry("States.TaskFailed", "States.Timeout", attempts=attempts, most=8),
        "TimeoutSeconds": 10,
    }
