"""What is published to a topic, said in a channel of Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chatops_constructs._dead_letter_alarm import dead_letter_alarm
from chatops_constructs._problems import Problems
from chatops_constructs._use_of_key import use_of_key
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_constructs.schedules.notification_target import TopicNotification
from chatops_constructs.slack import offered_commands
from chatops_constructs.slack.notice_queue import notice_queue, notice_topic, subscription
from chatops_constructs.slack.posting_checks import check_channel, check_credentials
from chatops_constructs.slack.turns_table import turns_table_of
from chatops_runtime.contracts import environment as variables
from chatops_runtime.contracts import template_metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_dynamodb as dynamodb
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs

    from chatops_constructs.slack.command_button import CommandButton
    from chatops_constructs.slack.credentials import SlackCredentials
    from chatops_constructs.slack.endpoint import SlackCommandEndpoint

# A storm within the window arrives as one batch: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html.
# 10,000 is the most that Lambda takes; at 6 MB it ends a batch earlier.
BATCH_WINDOW = Duration.seconds(5)
BATCH_SIZE = 10_000
# The fewest that Lambda allows (the same page). Not reserved concurrency: what it turned away would count as received.
CONSUMERS = 2
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
CONSUMING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]

TIMEOUT = Duration.minutes(1)
# Six times the function's timeout, and the window: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
VISIBILITY = Duration.seconds(6 * 60 + 5)
# While Slack is down, a notice comes again after each visibility timeout: so many last for twelve hours.
MOST_RECEIVES = 120
# Of the queue, more than that; of the dead letters, the longest that SQS has. Both count from the publishing:
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
RETENTION = Duration.days(4)
RETENTION_OF_DEAD_LETTERS = Duration.days(14)

# Twice the visibility timeout, less would be one hiccup of Slack's; not three times, as SQS leaves a message that was
# received more often than three times out of the metric:
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
LATE = Duration.minutes(12)


class SlackNotifier(Construct):
    """Says what is published to a topic in one channel of Slack.

    Notifications of CloudWatch alarms and notices of `ScheduledRunCommand` are rendered with their state, what
    happened, where, and a link to the console; JSON is laid out; anything else is shown as text. Whatever it is, it
    pings nobody. Up to three notices that come together are said in full in one message; more are said as one digest, a
    line for each alarm, task or subject, worst first, and what there is no room for is counted.

    A notice is said at least once. Slack takes about one message a second in a channel: all notifiers of a stack take
    turns from one table and obey Slack's `Retry-After`. While Slack is down, notices wait for up to twelve hours. What
    Slack refuses, since the app is not in the channel or its token is no longer good, goes to the dead-letter queue at
    once, with a line in the function's log that says what to do.

    Creates an encrypted topic that takes TLS only (unless one is passed in) and to which this account's alarms may
    publish, a queue and a dead-letter queue, a function with its role and log group, two alarms without actions, and
    once per stack an on-demand DynamoDB table for the turns.

    It is a target of `ScheduledRunCommand` as well: `on_failure=[notifier]`.

    With `commands` a notice offers what to do next as buttons: `CommandButton`.

    The app needs the scope `chat:write` and has to be a member of the channel (`/invite @the-app`).

    Example:
        from aws_cdk import aws_sns as sns
        from aws_cdk.aws_cloudwatch_actions import SnsAction
        from chatops_constructs import SlackCredentials, SlackNotifier

        notifier = SlackNotifier(
            self,
            "Notifier",
            channel="C0123OPS",
            credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
        )
        errors = seed_function.metric_errors().create_alarm(self, "Errors", threshold=1, evaluation_periods=1)
        errors.add_alarm_action(SnsAction(notifier.topic))

        # Not to the channel, which may be the broken one.
        mail = sns.Topic(self, "Mail")
        notifier.dead_letter_alarm.add_alarm_action(SnsAction(mail))
        notifier.delay_alarm.add_alarm_action(SnsAction(mail))

    Attributes:
        topic: Publish here.
        subscription: From the topic to the queue.
        queue: Where notices wait for the function.
        dead_letter_queue: Where notices go that Slack refused, or could not take for twelve hours; kept for 14 days
            from their publishing. Once the cause is mended, `aws sqs start-message-move-task` sends them again.
        function: Posts to Slack.
        event_source: From the queue to the function.
        turns_table: Holds whose turn it is to post to a channel; shared by the stack's notifiers.
        dead_letter_alarm: In alarm while something is in the dead-letter queue. Its actions are yours to add.
        delay_alarm: In alarm when a notice has waited for twelve minutes. Its actions are yours to add.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        channel: str,
        credentials: SlackCredentials,
        commands: Sequence[CommandButton] = (),
        endpoint: SlackCommandEndpoint | None = None,
        topic: sns.ITopic | None = None,
        encryption_key: kms.IKey | None = None,
        log_group: logs.ILogGroup | None = None,
    ) -> None:
        """Create the notifier.

        Args:
            scope: The parent.
            id: The id in `scope`.
            channel: The id of the channel, `C…`: at the bottom of a channel's details in Slack. Or of a person, `U…`.
            credentials: Where the bot token is: made with `bot_token=True`.
            commands: Up to three commands that are offered as buttons below each notice. Digests have none.
                Default: none.
            endpoint: The endpoint with these commands, of the same Slack app: `credentials` has its bot token.
                Default: an endpoint of another CDK app, about which nothing can be checked here. That one has to take
                clicks: `take_clicks()`.
            topic: An existing topic. Nothing of it is changed: its policy, and its key's, have to let publishers
                publish. Default: an own one.
            encryption_key: A customer-managed key for the own topic, both queues and the function's log group. The
                policy of an imported key has to let SNS, CloudWatch and CloudWatch Logs use it. Default: a key of
                SQS's for the queues, one that AWS owns for the log group, none for the topic.
            log_group: An existing log group for the function. Default: an own one, kept for one month.

        Raises:
            ValueError: The channel is no id, the credentials have no bot token, or there are too many buttons.
        """
        super().__init__(scope, id)
        self._check(channel, credentials, commands)
        self._commands = commands
        self._encryption_key = encryption_key
        self.dead_letter_queue: sqs.Queue = notice_queue(
            self, "DeadLetters", encryption_key=encryption_key, retention=RETENTION_OF_DEAD_LETTERS
        )
        self.queue: sqs.Queue = notice_queue(
            self,
            "Queue",
            encryption_key=encryption_key,
            retention=RETENTION,
            visibility=VISIBILITY,
            dead_letters=sqs.DeadLetterQueue(queue=self.dead_letter_queue, max_receive_count=MOST_RECEIVES),
        )
        self.topic: sns.ITopic = topic or notice_topic(self, "Topic", encryption_key=encryption_key)
        self.subscription: sns.Subscription = subscription(
            self,
            "Subscription",
            topic=self.topic,
            queue=self.queue,
            dead_letter_queue=self.dead_letter_queue,
            encryption_key=encryption_key,
        )
        self.turns_table: dynamodb.Table = turns_table_of(self)
        self.function: lambda_.Function = self._create_function(channel, credentials, log_group)
        self._describe(credentials)
        if endpoint is not None:
            offered_commands.offer(self, commands, endpoint)
        self.event_source: lambda_.EventSourceMapping = self._let_function_consume()
        self.dead_letter_alarm: cloudwatch.Alarm = dead_letter_alarm(
            self,
            "DeadLetterAlarm",
            self.dead_letter_queue,
            description=f"Notices of {self.node.path} are not in Slack but in the dead-letter queue. "
            "The log of the function says why and what to do",
        )
        self.delay_alarm: cloudwatch.Alarm = self._create_delay_alarm()

    def bind_notification(self, role: iam.IRole) -> dict[str, Any]:
        """Be a target of `ScheduledRunCommand`, as in `on_failure=[notifier]`: let its `role` publish to the topic.

        Args:
            role: The role of the task's state machine.
        """
        return TopicNotification(self.topic).bind_notification(role)

    def _check(self, channel: str, credentials: SlackCredentials, commands: Sequence[CommandButton]) -> None:
        problems = Problems(self)
        check_channel(problems, "channel", channel)
        check_credentials(problems, credentials)
        offered_commands.check_room(problems, commands)
        problems.raise_if_any()

    def _create_function(
        self, channel: str, credentials: SlackCredentials, log_group: logs.ILogGroup | None
    ) -> lambda_.Function:
        function = RuntimeFunction(
            self,
            "Function",
            handler="chatops_runtime.notifier.handler.handler",
            description="posts notices to a channel of Slack",
            memory_size=256,
            timeout=TIMEOUT,
            environment={
                variables.CHANNEL_ID: channel,
                variables.BOT_TOKEN_PARAMETER: credentials.bot_token_parameter or "",
                variables.TURNS_TABLE: self.turns_table.table_name,
                variables.DEAD_LETTER_QUEUE_URL: self.dead_letter_queue.queue_url,
                **offered_commands.environment(self._commands),
            },
            log_group=log_group,
            encryption_key=self._encryption_key,
        )
        credentials.grant_read_bot_token(function)
        self._allow(function, "TakeTurns", ["dynamodb:UpdateItem"], self.turns_table.table_arn)
        # Not `grant_send_messages`: that adds reading the queue's attributes, and `*` in the key's actions.
        self._allow(function, "PutDeadLetters", ["sqs:SendMessage"], self.dead_letter_queue.queue_arn)
        if self._encryption_key is not None:
            # For the dead letters, and for what Lambda receives in its role.
            key_arn = self._encryption_key.key_arn
            function.add_to_role_policy(
                use_of_key(key_arn, sid="UseKeyOfQueues", service="sqs", region=Stack.of(self).region)
            )
        return function

    def _describe(self, credentials: SlackCredentials) -> None:
        # By this mark tools that read the template find the name of the token.
        cast("lambda_.CfnFunction", self.function.node.default_child).add_metadata(
            template_metadata.NOTIFIER,
            {"version": template_metadata.VERSION, "bot_token_parameter": credentials.bot_token_parameter},
        )

    def _let_function_consume(self) -> lambda_.EventSourceMapping:
        # Not `grant_consume_messages`: Lambda neither asks for the queue's URL nor changes what is visible.
        self._allow(self.function, "ConsumeNotices", CONSUMING, self.queue.queue_arn)
        return lambda_.EventSourceMapping(
            self,
            "EventSource",
            target=self.function,
            event_source_arn=self.queue.queue_arn,
            batch_size=BATCH_SIZE,
            max_batching_window=BATCH_WINDOW,
            max_concurrency=CONSUMERS,
            report_batch_item_failures=True,
        )

    @staticmethod
    def _allow(function: lambda_.Function, sid: str, actions: list[str], resource: str) -> None:
        function.add_to_role_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=[resource]))

    def _create_delay_alarm(self) -> cloudwatch.Alarm:
        metric = self.queue.metric_approximate_age_of_oldest_message(
            period=Duration.minutes(1), statistic=cloudwatch.Stats.MAXIMUM
        )
        return cloudwatch.Alarm(
            self,
            "DelayAlarm",
            metric=metric,
            threshold=LATE.to_seconds(),
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=(
                f"Notices of {self.node.path} have been waiting to be posted for {LATE.to_minutes():.0f} minutes. "
                "The log of the function says why"
            ),
        )
