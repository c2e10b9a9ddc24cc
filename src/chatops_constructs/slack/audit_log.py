"""Where the audit lines of an endpoint's commands are kept."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from chatops_constructs._asked_once import arn_beside
from chatops_constructs._log_group import let_logs_use
from chatops_constructs._problems import Problems

# Kept for a year at least.
TOO_SHORT = frozenset(
    {
        logs.RetentionDays.ONE_DAY,
        logs.RetentionDays.THREE_DAYS,
        logs.RetentionDays.FIVE_DAYS,
        logs.RetentionDays.ONE_WEEK,
        logs.RetentionDays.TWO_WEEKS,
        logs.RetentionDays.ONE_MONTH,
        logs.RetentionDays.TWO_MONTHS,
        logs.RetentionDays.THREE_MONTHS,
        logs.RetentionDays.FOUR_MONTHS,
        logs.RetentionDays.FIVE_MONTHS,
        logs.RetentionDays.SIX_MONTHS,
    }
)


class AuditLog(Construct):
    """A log group that outlives the stack, and a stream in it that state machines write to.

    Who may write to it may do nothing else with it: the stream is there already, so that nobody has to be allowed to
    make one.

    Attributes:
        log_group: The log group.
        log_group_name: Its name.
        stream_name: The name of the endpoint's stream.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        log_group: logs.ILogGroup | None,
        retention: logs.RetentionDays | None,
        encryption_key: kms.IKey | None,
    ) -> None:
        """Create the stream, and its log group unless there is one.

        Args:
            scope: The parent.
            id: The id in `scope`.
            log_group: An existing log group. None: an own one.
            retention: How long the own one keeps its lines. None: a year.
            encryption_key: Encrypts the own one. None: a key that AWS owns.

        Raises:
            ValueError: The retention is less than a year, or comes with an existing log group.
        """
        super().__init__(scope, id)
        problems = Problems(scope)
        problems.check(
            retention not in TOO_SHORT,
            "audit_retention",
            retention and retention.name,
            "RetentionDays.ONE_YEAR or more",
            "keep audit lines for at least a year",
        )
        problems.check(
            log_group is None or retention is None,
            "audit_retention",
            retention and retention.name,
            "nothing, with an existing audit_log_group",
            "set it on that log group",
        )
        problems.raise_if_any()
        self.log_group: logs.ILogGroup = log_group or self._create_log_group(
            retention or logs.RetentionDays.ONE_YEAR, encryption_key
        )
        self.log_group_name: str = self.log_group.log_group_name
        # Its name is CloudFormation's to make: endpoints may share a log group, and a stream that is kept is in the
        # way of another one of the same name.
        stream = logs.LogStream(self, "Stream", log_group=self.log_group, removal_policy=RemovalPolicy.RETAIN)
        self.stream_name: str = stream.log_stream_name

    def write_statement(self) -> iam.PolicyStatement:
        """What writing a line takes."""
        stream = arn_beside(self, "logs", f"log-group:{self.log_group_name}:log-stream:{self.stream_name}")
        return iam.PolicyStatement(sid="WriteAuditLines", actions=["logs:PutLogEvents"], resources=[stream])

    def _create_log_group(self, retention: logs.RetentionDays, encryption_key: kms.IKey | None) -> logs.LogGroup:
        if encryption_key is not None:
            let_logs_use(encryption_key, self)
        # Without a name, so that the same stack can be made again beside what is kept of the one before.
        return logs.LogGroup(
            self,
            "Resource",
            retention=retention,
            removal_policy=RemovalPolicy.RETAIN,
            deletion_protection_enabled=True,
            encryption_key=encryption_key,
        )
