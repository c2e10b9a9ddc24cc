"""What all machines of an endpoint need in order to tell how a command ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from chatops_constructs._physical_name import described

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from chatops_constructs.slack.audit_log import AuditLog
    from chatops_constructs.slack.dead_letters import DeadLetters


@dataclass(frozen=True)
class Telling:
    """What an endpoint shares with its machines.

    Attributes:
        report_arn: Of the function that posts to Slack.
        audit_log: Where audit lines are written.
        dead_letters: Where that is kept of which nobody could be told.
        log_group: For the machines' events.
        encryption_key: Encrypts what machines keep. None: a key that AWS owns.
    """

    report_arn: str
    audit_log: AuditLog
    dead_letters: DeadLetters
    log_group: logs.ILogGroup
    encryption_key: kms.IKey | None


def telling_policy(scope: Construct, id: str, telling: Telling) -> iam.ManagedPolicy:
    """Invoke report, write the audit line, keep what could not be delivered. One for all machines of an endpoint.

    Args:
        scope: The endpoint.
        id: The id in `scope`.
        telling: What is told with.
    """
    return iam.ManagedPolicy(
        scope,
        id,
        description=f"Lets the commands of {described(scope)} report, leave audit lines and keep dead letters",
        statements=[
            iam.PolicyStatement(sid="Report", actions=["lambda:InvokeFunction"], resources=[telling.report_arn]),
            telling.audit_log.write_statement(),
            *telling.dead_letters.send_statements(),
        ],
    )
