"""The states that see to it that a task's runs do not overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from chatops_constructs.run_command.run_locks import EXPIRES, RUN, TASK
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, integration, reading_retry, retry

if TYPE_CHECKING:
    from chatops_constructs.run_command.run_locks import RunLocks

FIRST_LISTING = "List the runs"
TAKE = "Take the lock"
RELEASE = "Release the lock"

# DynamoDB uses a customer's key with the rights of who calls it, CDK's grants without their wildcards:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html#dynamodb-kms-authz
USE_OF_KEY = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)

LOCKED = "DynamoDb.ConditionalCheckFailedException"

# Executions that a rule started tell of endings and run nothing. EventBridge names them <uuid>_<uuid>.
_TELLS_OF_AN_ENDING = "/^[0-9a-f-]{36}_[0-9a-f-]{36}$/"

# What began before this run, or in the same millisecond under a name that comes first. So of two only one yields.
_OLDER = (
    f"$states.result.Executions[Name != {EXECUTION}.Name and $not($contains(Name, {_TELLS_OF_AN_ENDING})) and "
    f"($toMillis(StartDate) < $toMillis({EXECUTION}.StartTime) or "
    f"($toMillis(StartDate) = $toMillis({EXECUTION}.StartTime) and Name < {EXECUTION}.Name))].Name"
)


def yield_to_older(*, then: str, skipped: str, failed: dict[str, Any]) -> States:
    """The states from `FIRST_LISTING` on, which assign `other` and go on unless an older run is under way.

    ListExecutions is eventually consistent, so that a run which has just ended may still be listed: one that is listed
    is looked for once more.

    Args:
        then: The state that follows.
        skipped: The state that follows when an older run is under way.
        failed: The Catch for errors.
    """
    listing = {
        "Type": "Task",
        "Resource": integration("aws-sdk:sfn:listExecutions"),
        "Arguments": {
            "StateMachineArn": expr("$states.context.StateMachine.Id"),
            "StatusFilter": "RUNNING",
            "MaxResults": 100,
        },
        "Assign": {"other": expr(f"($older := {_OLDER}; $exists($older) ? [$older][0] : '')")},
        "Retry": reading_retry(),
        "Catch": [failed],
    }
    return {
        FIRST_LISTING: {**listing, "Next": "Is an older one under way?"},
        "Is an older one under way?": {
            "Type": "Choice",
            "Choices": [choice("$other = ''", then=then)],
            "Default": "Let the list become true",
        },
        "Let the list become true": {"Type": "Wait", "Seconds": 5, "Next": "List the runs again"},
        "List the runs again": {**listing, "Next": "Is it still under way?"},
        "Is it still under way?": {
            "Type": "Choice",
            "Choices": [choice("$other = ''", then=then)],
            "Default": skipped,
        },
    }


def grant_list(role: iam.Role, state_machine_arn: str) -> None:
    """Let `role` list its own machine's executions."""
    role.add_to_principal_policy(
        iam.PolicyStatement(sid="ListOwnRuns", actions=["states:ListExecutions"], resources=[state_machine_arn])
    )


def take_lock(
    locks: RunLocks, task: str, *, longest_seconds: int, then: str, skipped: str, failed: dict[str, Any]
) -> States:
    """The one state, `TAKE`.

    Args:
        locks: The table.
        task: The task's name in it.
        longest_seconds: After so long a lock is void: its run cannot be under way any more.
        then: The state that follows.
        skipped: The state that follows when another run has the lock.
        failed: The Catch for errors.
    """
    now = "$floor($toMillis($states.context.State.EnteredTime) / 1000)"
    return {
        TAKE: {
            "Type": "Task",
            "Resource": integration("aws-sdk:dynamodb:putItem"),
            "Arguments": {
                "TableName": locks.table_name,
                "Item": {
                    TASK: {"S": task},
                    RUN: {"S": expr(f"{EXECUTION}.Name")},
                    EXPIRES: {"N": expr(f"$string({now} + {longest_seconds})")},
                },
                # Its own it may take again: an answer of the first try may have got lost.
                "ConditionExpression": "attribute_not_exists(#task) OR #expires < :now OR #run = :run",
                "ExpressionAttributeNames": {"#task": TASK, "#expires": EXPIRES, "#run": RUN},
                "ExpressionAttributeValues": {
                    ":now": {"N": expr(f"$string({now})")},
                    ":run": {"S": expr(f"{EXECUTION}.Name")},
                },
            },
            "Retry": [{"ErrorEquals": [LOCKED], "MaxAttempts": 0}, *reading_retry()],
            "Catch": [{"ErrorEquals": [LOCKED], "Assign": {"other": ""}, "Next": skipped}, failed],
            "Next": then,
        }
    }


def release_lock(locks: RunLocks, task: str, *, then: str) -> States:
    """The one state, `RELEASE`. What cannot be released becomes void by itself.

    Args:
        locks: The table.
        task: The task's name in it.
        then: The state that follows.
    """
    return {
        RELEASE: {
            "Type": "Task",
            "Resource": integration("aws-sdk:dynamodb:deleteItem"),
            "Arguments": {
                "TableName": locks.table_name,
                "Key": {TASK: {"S": task}},
                "ConditionExpression": "#run = :run",
                "ExpressionAttributeNames": {"#run": RUN},
                "ExpressionAttributeValues": {":run": {"S": expr(f"{EXECUTION}.Name")}},
            },
            "Retry": [{"ErrorEquals": [LOCKED], "MaxAttempts": 0}, *retry("States.TaskFailed", attempts=4)],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": then}],
            "Next": then,
        }
    }


def grant_lock(role: iam.Role, locks: RunLocks) -> None:
    """Let `role` take and release locks."""
    role.add_to_principal_policy(
        iam.PolicyStatement(
            sid="LockRuns", actions=["dynamodb:PutItem", "dynamodb:DeleteItem"], resources=[locks.table_arn]
        )
    )
    if locks.encryption_key is not None:
        role.add_to_principal_policy(
            iam.PolicyStatement(
                sid="UseKeyOfLocks",
                actions=list(USE_OF_KEY),
                resources=[locks.encryption_key.key_arn],
                conditions={"StringEquals": {"kms:ViaService": f"dynamodb.{Stack.of(role).region}.amazonaws.com"}},
            )
        )
