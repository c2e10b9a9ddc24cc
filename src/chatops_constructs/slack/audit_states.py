"""The states that write an audit line, and the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.slack.dead_letters import AUDIT, keeping
from chatops_constructs.workflow.asl import States, expr, integration, literal, rejected_by, retry, unanswered_by
from chatops_runtime.contracts import audit, decision

if TYPE_CHECKING:
    from chatops_constructs.slack.telling import Telling

FIRST = decision.AUDIT_STATE

NOT_AUDITED = "ChatOps.NotAudited"


def line(
    *,
    id: str,
    execution_arn: str | None,
    request: str,
    started_at: str,
    ended_at: str,
    further: dict[str, str],
    arguments: str | None = None,
    approved_by: str | None = "[]",
) -> str:
    """An expression for the line; every argument is an expression too. What is nothing is left out of the line.

    Args:
        id: The execution's name.
        execution_arn: Its ARN; None if there was none.
        request: The request.
        started_at: When it began.
        ended_at: When it was over.
        further: What else is in the line, by name.
        arguments: What was typed means; None if that is not known.
        approved_by: Those who had to agree; None if that is not known. Default: nobody had to.
    """
    members = {
        "version": literal(audit.VERSION),
        "event": literal(audit.EVENT),
        "id": id,
        **({"execution_arn": execution_arn} if execution_arn else {}),
        **{name: f"{request}.{name}" for name in audit.OF_THE_REQUEST},
        **({audit.ARGUMENTS: arguments} if arguments else {}),
        "started_at": started_at,
        "ended_at": ended_at,
        **({"approved_by": approved_by} if approved_by else {}),
        **further,
    }
    return "$string({" + ", ".join(f"'{name}': {value}" for name, value in members.items()) + "})"


def states(line: str, *, telling: Telling, then: str) -> States:
    """The states: `$audited` says afterwards whether the line is written.

    A line that cannot be written is kept as a dead letter, and whoever waits for an answer gets it all the same.

    Args:
        line: The expression for it.
        telling: What the endpoint shares with its machines.
        then: The next state.
    """
    return {
        FIRST: {
            "Type": "Task",
            "Resource": integration("aws-sdk:cloudwatchlogs:putLogEvents"),
            "Arguments": {
                "LogGroupName": telling.audit_log.log_group_name,
                "LogStreamName": telling.audit_log.stream_name,
                "LogEvents": [{"Timestamp": expr("$millis()"), "Message": expr(line)}],
            },
            # Somebody waits for what comes next: half a minute at most. The same line twice does no harm.
            "Retry": retry(
                *rejected_by("CloudWatchLogs"),
                "CloudWatchLogs.ServiceUnavailableException",
                *unanswered_by("CloudWatchLogs"),
                "States.Timeout",
                attempts=4,
                most=8,
            ),
            "TimeoutSeconds": 10,
            "Assign": {"audited": True},
            "Catch": [
                {"ErrorEquals": ["States.ALL"], "Assign": {"audited": False}, "Next": "Keep the audit line"},
            ],
            "Next": then,
        },
        "Keep the audit line": {
            **keeping(expr(line), kind=AUDIT, dead_letters=telling.dead_letters, attempts=4),
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": then}],
            "Next": then,
        },
    }


def not_audited() -> dict[str, str]:
    """The end of an execution whose audit line is not written."""
    return {
        "Type": "Fail",
        "Error": NOT_AUDITED,
        "Cause": "The audit line could not be written; it is in the endpoint's dead-letter queue",
    }
