"""Many jobs at once, done a few at a time, none lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chatops_constructs._durations import of_seconds
from chatops_constructs._own_table import allow_use_of_key, own_table
from chatops_constructs._physical_name import physical_name
from chatops_constructs._use_of_key import use_of_key
from chatops_constructs.fan_out.drain_time import drain_time
from chatops_constructs.fan_out.fan_out_actions import FanOutActions
from chatops_constructs.fan_out.fan_out_checks import Checked
from chatops_constructs.fan_out.fan_out_metrics import FanOutMetrics
from chatops_constructs.fan_out.idempotency import Idempotency
from chatops_constructs.fan_out.job_function import JobFunction
from chatops_constructs.fan_out.lossy_throttles import refuse_in_stack_of
from chatops_constructs.packaging.handler_function import HandlerFunction
from chatops_constructs.packaging.runtime_layer import RuntimeLayer
from chatops_constructs.slack.notice_queue import notice_queue, subscription
from chatops_runtime.contracts import fan_out as contract

if TYPE_CHECKING:
    from collections.abc import Mapping

# A value of a metric's dimension may have more; a name of that length can still be read.
LONGEST_NAME = 64
RETENTION_OF_DEAD_LETTERS = Duration.days(14)
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
CONSUMING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
# What of that the entry point does itself: it tries again sooner or later, and gives back.
REORDERING = ["sqs:ChangeMessageVisibility", "sqs:SendMessage"]


class ThrottledFanOut(FanOutActions, FanOutMetrics, Construct):
    """Takes many jobs at once and has them done a few at a time, each once, so that none is lost.

    A producer publishes jobs to a topic; a queue behind it holds them; no more than `max_concurrency` invocations of
    the consumer do them, each one job after the other, and with `per_second` no more jobs than that are begun in a
    second, all invocations together. A job that fails is tried again, and after `max_receives` tries it is in the
    dead-letter queue, from which a command of Slack's takes it back. A job that comes twice is done once.

    Creates an encrypted topic, a queue and a dead-letter queue, which take TLS only, the subscription between them with
    raw delivery, an event source mapping with a maximum concurrency and partial batch responses, and for a
    `JobFunction` an on-demand DynamoDB table for what is done and for the rate.

    A consumer in another language is a function of its own, which gets SQS's events: see
    `chatops_runtime.contracts.fan_out`. Idempotency and rate are its own affair then.

    Synthesis refuses reserved concurrency that is below the maximum concurrency, for which messages come to the
    dead-letter queue untried, and in its stack any function with reserved concurrency and no destination for failures
    that SNS invokes directly: see `refuse_lossy_throttles`.

    Example:
        from chatops_constructs import JobFunction, PythonFunction, ThrottledFanOut

        call = JobFunction(self, "Call", entry="jobs", handler="calls.call")
        calls = ThrottledFanOut(self, "Calls", consumer=call, max_concurrency=5)
        calls.publish_from(PythonFunction(self, "Publish", entry="jobs", handler="calls.publish"))

    Attributes:
        name: The value of the metrics' dimension.
        topic: Publish here. Further subscribers, with filter policies too, are yours to add.
        subscription: From the topic to the queue.
        queue: Where jobs wait.
        dead_letter_queue: Where jobs come that failed too often; kept for 14 days.
        consumer: Does the jobs.
        event_source: From the queue to the consumer.
        table: Holds which jobs are done, and when the next may begin; None without idempotency and rate.
        max_concurrency: How many invocations run at a time.
        per_second: How many jobs begin in a second; None without a rate.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        consumer: lambda_.IFunction,
        max_concurrency: int = 5,
        per_second: float | None = None,
        batch_size: int = 10,
        longest_job: Duration | None = None,
        max_receives: int = 5,
        retry_after: Duration | None = None,
        idempotency: Idempotency | None = Idempotency(),  # noqa: B008 - it is frozen
        visibility_timeout: Duration | None = None,
        retention: Duration | None = None,
        topic: sns.ITopic | None = None,
        filter_policy: Mapping[str, sns.SubscriptionFilter] | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        """Create the fan-out.

        Args:
            scope: The parent.
            id: The id in `scope`.
            consumer: Does the jobs: a `JobFunction`, or any function or alias that reads SQS's events.
            max_concurrency: How many invocations run at a time, 2 to 1,000. Each does one job at a time. Default: 5.
            per_second: How many jobs are begun in a second, all invocations together. The rate is held from below,
                within 5 %. Default: as many as `max_concurrency` allows.
            batch_size: How many jobs an invocation takes, 1 to 10. Default: 10.
            longest_job: The longest that a job takes: with less of the consumer's timeout left none is begun. Default:
                what there is for each job of a full batch.
            max_receives: How often a job is tried, 2 to 1,000, before it comes to the dead-letter queue.
                Default: 5.
            retry_after: After how long a job of a `JobFunction` is tried again that failed; twice as long each time, up
                to the visibility time-out. Default: 30 seconds. Others come again after the visibility time-out.
            idempotency: For how long a `JobFunction` knows what is done, so that what comes twice is skipped. None: it
                does not know, and what comes twice is done twice. For any other consumer it has to be None. Default: a
                quarter of an hour, or longer where messages may take longer to come again.
            visibility_timeout: How long a batch that was received is given to nobody else; at least six times the
                consumer's timeout. Default: six times that. Required for a function whose timeout is not known here.
            retention: How long a job waits at most, from 1 minute to 14 days; SQS deletes it then. Default: 4 days.
            topic: An existing topic. Nothing of it is changed: its policy, and its key's, have to let producers
                publish. Default: an own one.
            filter_policy: Which of the topic's messages are jobs, by attributes. Default: all.
            encryption_key: A customer-managed key for the own topic, both queues and the table. The policy of an
                imported key has to let SNS use it. Default: AWS's key of SNS, one of SQS's, one that AWS owns.

        Raises:
            ValueError: A parameter is not as described, or some do not go together; the text names all of them.
        """
        super().__init__(scope, id)
        checked = Checked.of(
            self,
            consumer=consumer,
            max_concurrency=max_concurrency,
            per_second=per_second,
            batch_size=batch_size,
            longest_job=longest_job,
            max_receives=max_receives,
            retry_after=retry_after,
            idempotency=idempotency,
            visibility_timeout=visibility_timeout,
            retention=retention,
        )
        self.name: str = physical_name(self, longest=LONGEST_NAME)
        self.consumer: lambda_.IFunction = consumer
        self.max_concurrency: int = max_concurrency
        self.per_second: float | None = per_second
        self._encryption_key = encryption_key
        self.dead_letter_queue: sqs.Queue = notice_queue(
            self, "DeadLetters", encryption_key=encryption_key, retention=RETENTION_OF_DEAD_LETTERS
        )
        self.queue: sqs.Queue = notice_queue(
            self,
            "Queue",
            encryption_key=encryption_key,
            retention=of_seconds(checked.retention),
            visibility=of_seconds(checked.visibility),
            dead_letters=sqs.DeadLetterQueue(queue=self.dead_letter_queue, max_receive_count=max_receives),
        )
        self.topic: sns.ITopic = topic or self._create_topic()
        self._own_topic = topic is None
        self.subscription: sns.Subscription = subscription(
            self,
            "Subscription",
            topic=self.topic,
            queue=self.queue,
            dead_letter_queue=self.dead_letter_queue,
            encryption_key=encryption_key,
            raw=True,
            filter_policy=filter_policy,
        )
        self.table: dynamodb.Table | None = self._create_table(checked)
        self._let_consume(checked)
        self.event_source: lambda_.EventSourceMapping = lambda_.EventSourceMapping(
            self,
            "EventSource",
            target=consumer,
            event_source_arn=self.queue.queue_arn,
            batch_size=batch_size,
            max_concurrency=max_concurrency,
            report_batch_item_failures=True,
        )
        refuse_in_stack_of(self)

    def grant_publish(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody publish jobs.

        Args:
            grantee: A function or a role. With an existing topic that a key encrypts, grant that as well.
        """
        grant = iam.Grant.add_to_principal(
            grantee=grantee, actions=["sns:Publish"], resource_arns=[self.topic.topic_arn]
        )
        if self._own_topic and self._encryption_key is not None:
            grantee.grant_principal.add_to_principal_policy(
                use_of_key(self._encryption_key.key_arn, service="sns", region=Stack.of(self).region)
            )
        return grant

    def publish_from(self, function: lambda_.Function) -> None:
        """Let a function publish jobs with `chatops_runtime.FanOut`, which finds the topic by itself.

        Args:
            function: A Python function of yours. It gets the permission, the variable `CHATOPS_FAN_OUT_TOPIC` and,
                unless it has it already, the layer with `chatops_runtime`.
        """
        self.grant_publish(function)
        function.add_environment(contract.TOPIC, self.topic.topic_arn)
        if not isinstance(function, HandlerFunction):
            _add_layer(function)

    def drain_time(self, jobs: int, latency: Duration) -> Duration:
        """How long it takes until so many jobs are done, if none fails.

        Args:
            jobs: How many.
            latency: How long one of them takes.
        """
        return drain_time(jobs, latency=latency, max_concurrency=self.max_concurrency, per_second=self.per_second)

    def _create_topic(self) -> sns.Topic:
        # With this key, whose policy lets whoever may publish do so, no producer needs a permission more:
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        key = self._encryption_key or kms.Alias.from_alias_name(self, "KeyOfSns", "alias/aws/sns")
        return sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)

    def _create_table(self, checked: Checked) -> dynamodb.Table | None:
        if checked.remembered is None and self.per_second is None:
            return None
        return own_table(
            self,
            "Table",
            partition_key=contract.TABLE_KEY,
            delete_at=contract.EXPIRES_AT,
            encryption_key=self._encryption_key,
        )

    def _let_consume(self, checked: Checked) -> None:
        function = self.consumer
        is_ours = isinstance(function, JobFunction)
        statements = [
            # Not `grant_consume_messages`: Lambda does not ask for the queue's URL.
            iam.PolicyStatement(
                sid="ConsumeJobs",
                actions=[*CONSUMING, *(REORDERING if is_ours else [])],
                resources=[self.queue.queue_arn],
            )
        ]
        if self._encryption_key is not None:
            key_arn, region = self._encryption_key.key_arn, Stack.of(self).region
            statements.append(use_of_key(key_arn, sid="UseKeyOfJobs", service="sqs", region=region))
        if self.table is not None:
            statements.append(
                iam.PolicyStatement(sid="KnowJobs", actions=["dynamodb:UpdateItem"], resources=[self.table.table_arn])
            )
        for statement in statements:
            function.grant_principal.add_to_principal_policy(statement)
        if isinstance(function, JobFunction):
            if self.table is not None:
                allow_use_of_key(function, self._encryption_key)
            function.serve(self, self._variables(checked))

    def _variables(self, checked: Checked) -> dict[str, str]:
        variables = {
            contract.NAME: self.name,
            contract.QUEUE_URL: self.queue.queue_url,
            contract.LONGEST_JOB_SECONDS: f"{checked.longest_job:g}",
            contract.RETRY_SECONDS: f"{checked.retry:g}",
            contract.LONGEST_RETRY_SECONDS: f"{checked.visibility:g}",
        }
        if self.table is not None:
            variables[contract.TABLE] = self.table.table_name
        if checked.remembered is not None:
            variables[contract.REMEMBERED_SECONDS] = f"{checked.remembered:g}"
        if self.per_second is not None:
            variables[contract.PER_SECOND] = f"{self.per_second:g}"
        return variables


def _add_layer(function: lambda_.Function) -> None:
    """Add the layer with `chatops_runtime`, unless the function has it: Lambda takes no layer twice."""
    layer = RuntimeLayer.of(function)
    stack = Stack.of(function)
    cfn_function = function.node.default_child
    has = stack.resolve(cfn_function.layers) if isinstance(cfn_function, lambda_.CfnFunction) else None
    if stack.resolve(layer.layer_version_arn) not in (has or []):
        function.add_layers(layer)
