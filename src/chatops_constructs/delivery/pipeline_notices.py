"""What a pipeline tells: who waits for an approval, what failed, what succeeded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chatops_constructs._acknowledge import acknowledge
from chatops_constructs._dead_letter_alarm import dead_letter_alarm
from chatops_constructs._use_of_key import use_of_key
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_constructs.slack.notice_queue import notice_queue
from chatops_runtime.contracts import delivery as contract
from chatops_runtime.contracts import pipeline_notice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_kms as kms

    from chatops_constructs.slack.notifier import SlackNotifier

TIMEOUT = Duration.minutes(1)
RETENTION = Duration.days(14)

SOURCE = ["aws.codepipeline"]
# https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
STATES = {pipeline_notice.FAILED: "FAILED", pipeline_notice.SUCCEEDED: "SUCCEEDED"}


class PipelineNotices(Construct):
    """Two rules, the function that says what CodePipeline's events leave out, and a queue for what nobody took.

    Attributes:
        function: Reads the commit and the action that failed, and publishes.
        dead_letter_queue: Where an event goes that could not be told.
        dead_letter_alarm: In alarm while something is in there. Its actions are yours to add.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pipeline_name: str,
        pipeline_arn: str,
        gates: Mapping[str, str],
        told: Mapping[str, Sequence[sns.ITopic | SlackNotifier]],
        encryption_key: kms.IKey | None,
    ) -> None:
        """Create them.

        Args:
            scope: The pipeline.
            id: The id in `scope`.
            pipeline_name: The pipeline's name.
            pipeline_arn: Its ARN.
            gates: By the name of a stage that needs an approval, the pipeline's stage with it.
            told: By the outcome, who is told.
            encryption_key: Encrypts the queue and the log group. None: keys of AWS.
        """
        super().__init__(scope, id)
        topics = {outcome: [topic_of(target) for target in each] for outcome, each in told.items() if each}
        self.dead_letter_queue: sqs.Queue = notice_queue(
            self, "DeadLetters", encryption_key=encryption_key, retention=RETENTION
        )
        acknowledge(
            self.dead_letter_queue, "AwsSolutions-SQS3", "it is a dead-letter queue itself, with an alarm on it"
        )
        self.function: lambda_.Function = RuntimeFunction(
            self,
            "Function",
            handler="chatops_runtime.delivery.notice_handler.handler",
            description="tells how deliveries go",
            memory_size=256,
            timeout=TIMEOUT,
            environment={
                contract.PIPELINE_ARN: pipeline_arn,
                contract.STAGES: json.dumps(dict(gates)),
                contract.TOPICS: Stack.of(self).to_json_string(
                    {outcome: [topic.topic_arn for topic in each] for outcome, each in topics.items()}
                ),
            },
            encryption_key=encryption_key,
        )
        self._let_it_tell(pipeline_arn, [topic for each in topics.values() for topic in each], encryption_key)
        self._rules(pipeline_name, gates, topics)
        self.dead_letter_alarm: cloudwatch.Alarm = dead_letter_alarm(
            self,
            "DeadLetterAlarm",
            self.dead_letter_queue,
            description=f"Something of {self.node.path} was not told. It is in the dead-letter queue, and the log of "
            "the function says why",
        )

    def _let_it_tell(self, pipeline_arn: str, topics: Sequence[sns.ITopic], key: kms.IKey | None) -> None:
        allow = self.function.add_to_role_policy
        allow(
            iam.PolicyStatement(
                sid="ReadTheCommit", actions=["codepipeline:ListActionExecutions"], resources=[pipeline_arn]
            )
        )
        arns = list(dict.fromkeys(topic.topic_arn for topic in topics))
        allow(iam.PolicyStatement(sid="Tell", actions=["sns:Publish"], resources=arns))
        for key_arn in dict.fromkeys(topic.master_key.key_arn for topic in topics if topic.master_key):
            allow(use_of_key(key_arn, service="sns", region=Stack.of(self).region))
        # Lambda sends with the function's role: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
        allow(
            iam.PolicyStatement(
                sid="PutDeadLetters", actions=["sqs:SendMessage"], resources=[self.dead_letter_queue.queue_arn]
            )
        )
        if key is not None:
            allow(use_of_key(key.key_arn, service="sqs", region=Stack.of(self).region, sid="UseKeyOfQueue"))
        lambda_.CfnEventInvokeConfig(
            self,
            "Retries",
            function_name=self.function.function_name,
            qualifier="$LATEST",
            maximum_retry_attempts=2,
            destination_config={"onFailure": {"destination": self.dead_letter_queue.queue_arn}},
        )

    def _rules(self, pipeline_name: str, gates: Mapping[str, str], topics: Mapping[str, Sequence[sns.ITopic]]) -> None:
        if pipeline_notice.WAITING in topics:
            self._rule(
                "Waiting",
                "CodePipeline Action Execution State Change",
                {
                    "pipeline": [pipeline_name],
                    "stage": list(gates.values()),
                    "action": [contract.APPROVE],
                    "state": ["STARTED"],
                },
            )
        states = [state for outcome, state in STATES.items() if outcome in topics]
        if states:
            self._rule(
                "Ended",
                "CodePipeline Pipeline Execution State Change",
                {"pipeline": [pipeline_name], "state": states},
            )

    def _rule(self, id: str, detail_type: str, detail: dict[str, Any]) -> None:
        events.Rule(
            self,
            id,
            event_pattern=events.EventPattern(source=SOURCE, detail_type=[detail_type], detail=detail),
            targets=[targets.LambdaFunction(self.function)],
        )


def topic_of(target: sns.ITopic | SlackNotifier) -> sns.ITopic:
    """The topic itself, or the one of a notifier."""
    return cast("sns.ITopic", getattr(cast("Any", target), "topic", target))


def is_target(target: object) -> bool:
    """Whether something is a topic of the CDK, or has one."""
    topic = getattr(target, "topic", target)
    return hasattr(topic, "topic_arn") and hasattr(topic, "grant_publish")
