"""The projection: the function of an allow-list that brings the IP sets in line with the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chatops_constructs._own_table import allow_use_of_key
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_constructs.waf.allowlist_items import allow_items
from chatops_constructs.waf.reminders import same_place, schedule, schedule_role, stack_updated_rule
from chatops_runtime.contracts import allowlist as contract

if TYPE_CHECKING:
    from aws_cdk import aws_dynamodb as dynamodb
    from aws_cdk import aws_events as events
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs

    from chatops_constructs.waf.ip_set_pair import IpSetPair

TIMEOUT = Duration.minutes(1)

# What comes within the window is one update of the IP sets: AWS WAF takes about one a second of a set.
BATCH_WINDOW = Duration.seconds(1)
# The most there is: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
BATCH_SIZE = 10_000
# Each run brings everything in line, whatever it was invoked for, and a run comes each minute: nothing is lost with a
# batch, and one that fails should not hold up those behind it.
RETRIES = 1
LONGEST_WAIT = Duration.minutes(1)


class AllowlistProjection(Construct):
    """The function with what has it run; made by `IpAllowlistFunction`.

    Attributes:
        function: The function.
        event_source: From the table's stream to the function.
        timer: Invokes it every minute.
        stack_rule: Invokes it when an update of the pair's stack is over; None if that is in another region.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        table: dynamodb.Table,
        pair: IpSetPair,
        encryption_key: kms.IKey | None,
        log_group: logs.ILogGroup | None,
    ) -> None:
        """Create the function, and what invokes it.

        Args:
            scope: The allow-list.
            id: The id in `scope`.
            name: The allow-list's name.
            table: The allow-list's table, with a stream.
            pair: The IP sets.
            encryption_key: The table's; encrypts the own log group too. None: keys that AWS owns.
            log_group: For the function. None: an own one.
        """
        super().__init__(scope, id)
        self.function: lambda_.Function = RuntimeFunction(
            self,
            "Function",
            handler="chatops_runtime.allowlist.projection.handler",
            description="brings IP sets in line with an allow-list",
            # Up to 20,000 entries are read and compared.
            memory_size=512,
            timeout=TIMEOUT,
            environment={
                contract.NAME: name,
                contract.TABLE: table.table_name,
                contract.IP_SETS: pair.names_for(self),
            },
            log_group=log_group,
            encryption_key=encryption_key,
        )
        pair.grant_update(cast("iam.Role", self.function.role))
        self._allow_items(table)
        allow_use_of_key(self.function, encryption_key)
        self.event_source: lambda_.EventSourceMapping = self._follow(table)
        self.timer = schedule(
            self,
            "Timer",
            function=self.function,
            role=schedule_role(self, self.function),
            told={"version": contract.VERSION, "kind": contract.TIMER},
            description="Keeps the allow-list",
        )
        self.stack_rule: events.Rule | None = self._follow_stack(Stack.of(pair))

    def _allow_items(self, table: dynamodb.Table) -> None:
        allow_items(self.function, table, "ReadEntries", actions=["Query"], kinds=[contract.ENTRY])
        allow_items(self.function, table, "SweepEntries", actions=["DeleteItem"], kinds=[contract.ENTRY])
        allow_items(
            self.function,
            table,
            "KeepCountsAndStanding",
            actions=["GetItem", "UpdateItem"],
            kinds=[contract.COUNT, contract.PROJECTION],
        )

    def _follow(self, table: dynamodb.Table) -> lambda_.EventSourceMapping:
        # As AWS documents it, all four on the stream; CDK's grant allows ListStreams on `*`:
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html
        stream = cast("str", table.table_stream_arn)
        allowed = cast("iam.Role", self.function.role).add_to_principal_policy(
            iam.PolicyStatement(
                sid="FollowEntries",
                actions=[
                    "dynamodb:DescribeStream",
                    "dynamodb:GetRecords",
                    "dynamodb:GetShardIterator",
                    "dynamodb:ListStreams",
                ],
                resources=[stream],
            )
        )
        event_source = lambda_.EventSourceMapping(
            self,
            "EventSource",
            target=self.function,
            event_source_arn=stream,
            # From the beginning, lest what is registered while the mapping is made waits for the timer.
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=BATCH_SIZE,
            max_batching_window=BATCH_WINDOW,
            retry_attempts=RETRIES,
            max_record_age=LONGEST_WAIT,
            # Not the counts, which change with the entries, nor links, nor what the projection itself notes.
            filters=[
                lambda_.FilterCriteria.filter(
                    {"dynamodb": {"Keys": {contract.KIND: {"S": lambda_.FilterRule.is_equal(contract.ENTRY)}}}}
                )
            ],
        )
        # Lambda tries the role's rights when the mapping is made.
        event_source.node.add_dependency(allowed.policy_dependable)
        return event_source

    def _follow_stack(self, stack: Stack) -> events.Rule | None:
        if not same_place(Stack.of(self), stack):
            return None
        return stack_updated_rule(
            self,
            stack=stack,
            function=self.function,
            told={"version": contract.VERSION, "kind": contract.STACK},
        )
