"""Who is told how a scheduled run went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from aws_cdk import aws_iam as iam

from chatops_constructs._use_of_key import use_of_key
from chatops_constructs.workflow.asl import expr, integration, one_line, retry

if TYPE_CHECKING:
    from aws_cdk import aws_sns as sns

# What people read, and for functions the whole notice. Other kinds of subscription get the text.
# https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
MESSAGE = one_line("""$string({
  'default': $notice.text,
  'sms': $notice.subject,
  'sqs': $string($notice),
  'lambda': $string($notice)
})""")


# SNS takes ASCII only, and a task or an alarm may be called anything.
SUBJECT = r"$replace($notice.subject, /[^\x20-\x7e]/, '?')"


@runtime_checkable
class NotificationTarget(Protocol):
    """Something that can be told how a scheduled run went: `SlackNotifier`, or a class of your own.

    Topics need no such class: `on_failure=[topic]` will do.
    """

    def bind_notification(self, role: iam.IRole) -> dict[str, Any]:
        """Grant `role` what the state calls, and hand out the state.

        Args:
            role: The role of the task's state machine.

        Returns:
            A Task state of the Amazon States Language, query language JSONata, without `Next` and `End`. The notice is
            in the variable `$notice`; its shape is in `chatops_runtime.contracts.run_notice`.
        """
        ...


class TopicNotification:
    """Publishes to a topic."""

    def __init__(self, topic: sns.ITopic) -> None:
        """Take the topic."""
        self._topic = topic

    def bind_notification(self, role: iam.IRole) -> dict[str, Any]:
        """Let `role` publish to the topic."""
        iam.Grant.add_to_principal(grantee=role, actions=["sns:Publish"], resource_arns=[self._topic.topic_arn])
        # Not `grant_publish`, which would put a `*` into the key's actions. What publishing needs of a key:
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        key = self._topic.master_key
        if key is not None:
            role.add_to_principal_policy(use_of_key(key.key_arn, service="sns", region=self._topic.env.region))
        return {
            "Type": "Task",
            "Resource": integration("aws-sdk:sns:publish"),
            "Arguments": {
                "TopicArn": self._topic.topic_arn,
                "Subject": expr(SUBJECT),
                "MessageStructure": "json",
                "Message": expr(MESSAGE),
            },
            # Better told twice than not at all.
            "Retry": retry("States.TaskFailed", "States.Timeout", attempts=5),
            "TimeoutSeconds": 60,
        }


def is_topic(target: object) -> bool:
    """Whether `target` is a topic of the CDK."""
    return hasattr(target, "topic_arn") and hasattr(target, "grant_publish")
