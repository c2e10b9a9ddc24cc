"""The function that tells how a queue stands and takes its dead letters back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from chatops_constructs._use_of_key import use_of_key
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_runtime.contracts import queue_desk as contract

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sqs as sqs

# SQS moves the messages in the rights of who asks for it:
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
OF_DEAD_LETTERS = [
    "sqs:StartMessageMoveTask",
    "sqs:ListMessageMoveTasks",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
]
OF_QUEUE = ["sqs:SendMessage", "sqs:GetQueueAttributes"]


class QueueDesk(Construct):
    """Looks after a queue for people in Slack.

    Attributes:
        function: The function.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        queue: sqs.Queue,
        dead_letter_queue: sqs.Queue,
        encryption_key: kms.IKey | None,
    ) -> None:
        """Create the function.

        Args:
            scope: The fan-out.
            id: The id in `scope`.
            queue: Where messages wait.
            dead_letter_queue: Where they end.
            encryption_key: Encrypts both, and the function's log group. None: AWS's keys.
        """
        super().__init__(scope, id)
        self.function = RuntimeFunction(
            self,
            "Function",
            handler="chatops_runtime.queue_desk.handler.handler",
            description="tells how a queue stands and redrives its dead letters",
            memory_size=256,
            timeout=Duration.seconds(30),
            environment={
                contract.NAME: scope.node.id,
                contract.QUEUE_URL: queue.queue_url,
                contract.QUEUE_ARN: queue.queue_arn,
                contract.DEAD_LETTERS_URL: dead_letter_queue.queue_url,
                contract.DEAD_LETTERS_ARN: dead_letter_queue.queue_arn,
            },
            encryption_key=encryption_key,
        )
        self._allow("TakeDeadLetters", OF_DEAD_LETTERS, dead_letter_queue)
        self._allow("PutBackJobs", OF_QUEUE, queue)
        if encryption_key is not None:
            self.function.add_to_role_policy(
                use_of_key(encryption_key.key_arn, sid="UseKeyOfJobs", service="sqs", region=Stack.of(self).region)
            )

    def _allow(self, sid: str, actions: list[str], queue: sqs.Queue) -> None:
        self.function.add_to_role_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=[queue.queue_arn]))
