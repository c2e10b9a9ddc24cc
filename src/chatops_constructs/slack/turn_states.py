"""The states by which a command runs once at a time: whoever runs it has its turn, in a table, until it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from chatops_constructs._asked_once import arn_beside
from chatops_constructs.run_command.run_locks import EXPIRES, RUN, TASK
from chatops_constructs.run_command.run_overlap import LOCKED, USE_OF_KEY
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, integration, reading_retry, retry

if TYPE_CHECKING:
    from chatops_constructs.run_command.run_locks import RunLocks

TAKE = "Take the turn"
GIVE_BACK = "Give the turn back"

ARN = "execution_arn"
USER = "user_id"
SINCE = "since"

_NOW = "$floor($toMillis($states.context.State.EnteredTime) / 1000)"
_OWN_NAME = {"S": expr(f"{EXECUTION}.Name")}


def take_turn(turns: RunLocks, machine: str, *, longest_seconds: int, then: str, busy: str) -> States:
    """The states from `TAKE` on.

    An execution that was aborted leaves its turn behind. So whoever finds the turn taken asks how the execution is
    doing that has it, and takes it over if that is over.

    Args:
        turns: The table.
        machine: The name of the command's state machine.
        longest_seconds: After so long a turn is void, whatever became of its execution.
        then: The state that follows.
        busy: The state that follows when another execution has its turn; `holder` is assigned then, an object with
            `user_id` and `since`.
    """
    other = "$states.result.Item"
    return {
        TAKE: _put(
            turns,
            machine,
            longest_seconds,
            # Its own it may take again: an answer of the first try may have got lost.
            condition="attribute_not_exists(#task) OR #expires < :now OR #run = :own",
            names={"#task": TASK, "#expires": EXPIRES, "#run": RUN},
            values={":now": {"N": expr(f"$string({_NOW})")}, ":own": _OWN_NAME},
            then=then,
        ),
        "Whose turn is it?": {
            "Type": "Task",
            "Resource": integration("aws-sdk:dynamodb:getItem"),
            "Arguments": {"TableName": turns.table_name, "Key": {TASK: {"S": machine}}, "ConsistentRead": True},
            "Assign": {
                "holder": expr(
                    f"$exists({other}) ? {{'run': {other}.{RUN}.S, 'arn': {other}.{ARN}.S, "
                    f"'user_id': {other}.{USER}.S, 'since': {other}.{SINCE}.S}} : {{}}"
                )
            },
            "Retry": reading_retry(),
            "Next": "Is it taken?",
        },
        # It may have been given back in between.
        "Is it taken?": {
            "Type": "Choice",
            "Choices": [choice("$exists($holder.run)", then="Look at the other one")],
            "Default": TAKE,
        },
        "Look at the other one": {
            "Type": "Task",
            "Resource": integration("aws-sdk:sfn:describeExecution"),
            # Not its input: that holds the other one's response_url.
            "Arguments": {"ExecutionArn": expr("$holder.arn"), "IncludedData": "METADATA_ONLY"},
            "Assign": {"is_over": expr("$not($states.result.Status in ['RUNNING', 'PENDING_REDRIVE'])")},
            "Retry": [{"ErrorEquals": ["Sfn.ExecutionDoesNotExistException"], "MaxAttempts": 0}, *reading_retry()],
            # One that has just begun may not be known yet:
            # https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
            "Catch": [
                {
                    "ErrorEquals": ["Sfn.ExecutionDoesNotExistException"],
                    "Assign": {"is_over": False},
                    "Next": "Is the other one over?",
                }
            ],
            "Next": "Is the other one over?",
        },
        "Is the other one over?": {
            "Type": "Choice",
            "Choices": [choice("$is_over", then="Take the turn over")],
            "Default": busy,
        },
        "Take the turn over": _put(
            turns,
            machine,
            longest_seconds,
            condition="#run = :other OR #run = :own",
            names={"#run": RUN},
            values={":other": {"S": expr("$holder.run")}, ":own": _OWN_NAME},
            then=then,
        ),
    }


def give_turn_back(turns: RunLocks, machine: str, *, then: str) -> States:
    """The one state, `GIVE_BACK`. Whoever has no turn gives none back; what cannot be given back is taken over.

    Args:
        turns: The table.
        machine: The name of the command's state machine.
        then: The state that follows.
    """
    return {
        GIVE_BACK: {
            "Type": "Task",
            "Resource": integration("aws-sdk:dynamodb:deleteItem"),
            "Arguments": {
                "TableName": turns.table_name,
                "Key": {TASK: {"S": machine}},
                "ConditionExpression": "#run = :own",
                "ExpressionAttributeNames": {"#run": RUN},
                "ExpressionAttributeValues": {":own": _OWN_NAME},
            },
            "Retry": [{"ErrorEquals": [LOCKED], "MaxAttempts": 0}, *retry("States.TaskFailed", attempts=4)],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": then}],
            "Next": then,
        }
    }


def turn_statements(role: iam.Role, turns: RunLocks, machine: str) -> list[iam.PolicyStatement]:
    """What taking turns takes.

    Args:
        role: The role of the command's state machine.
        turns: The table.
        machine: The name of the command's state machine.
    """
    statements = [
        iam.PolicyStatement(
            sid="TakeTurns",
            actions=["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:DeleteItem"],
            resources=[turns.table_arn],
        ),
        iam.PolicyStatement(
            sid="LookAtOwnExecutions",
            actions=["states:DescribeExecution"],
            resources=[executions_of(role, machine)],
        ),
    ]
    if turns.encryption_key is not None:
        statements.append(
            iam.PolicyStatement(
                sid="UseKeyOfTurns",
                actions=list(USE_OF_KEY),
                resources=[turns.encryption_key.key_arn],
                conditions={"StringEquals": {"kms:ViaService": f"dynamodb.{Stack.of(role).region}.amazonaws.com"}},
            )
        )
    return statements


def executions_of(scope: iam.Role, machine: str) -> str:
    """The ARNs of all executions of a state machine, whose names are known only when they run."""
    return arn_beside(scope, "states", f"execution:{machine}:*")


def _put(
    turns: RunLocks,
    machine: str,
    longest_seconds: int,
    *,
    condition: str,
    names: dict[str, str],
    values: dict[str, Any],
    then: str,
) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": integration("aws-sdk:dynamodb:putItem"),
        "Arguments": {
            "TableName": turns.table_name,
            "Item": {
                TASK: {"S": machine},
                RUN: _OWN_NAME,
                ARN: {"S": expr(f"{EXECUTION}.Id")},
                USER: {"S": expr("$request.user_id")},
                SINCE: {"S": expr(f"$substring({EXECUTION}.StartTime, 0, 19) & 'Z'")},
                EXPIRES: {"N": expr(f"$string({_NOW} + {longest_seconds})")},
            },
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        },
        "Retry": [{"ErrorEquals": [LOCKED], "MaxAttempts": 0}, *reading_retry()],
        "Catch": [{"ErrorEquals": [LOCKED], "Next": "Whose turn is it?"}],
        "Next": then,
    }
