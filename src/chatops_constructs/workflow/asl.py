"""Amazon States Language as Python dictionaries, with the few words that our state machines repeat.

Dictionaries rather than `aws_stepfunctions` states: a command has about twenty states, and sixty commands as state
constructs take 5.0 s to synthesise, as dictionaries 0.8 s (measured with aws-cdk-lib 2.275). What is in them is the
language itself, as in the AWS documentation and in the console.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from aws_cdk import Aws

States = dict[str, dict[str, Any]]
"""States by name."""

Retry = list[dict[str, Any]]

EXECUTION = "$states.context.Execution"

# Blanks inside a literal stay as they are.
SPACE = re.compile(r"""(?P<literal>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|\s+""", re.DOTALL)


def expr(jsonata: str) -> str:
    """A JSONata expression as a value of the States Language."""
    return "{% " + jsonata + " %}"


def literal(value: Any) -> str:  # noqa: ANN401 - any JSON
    """A JSON value as a literal inside a JSONata expression.

    JSON is JSONata, its escapes included (https://docs.jsonata.org/construction), so no text can end the literal.
    """
    return json.dumps(value, ensure_ascii=False)


def or_empty(jsonata: str) -> str:
    """An expression for what may be absent: to assign "nothing" is an error of the state, an empty string is not."""
    return f"($exists({jsonata}) ? {jsonata} : '')"


def one_line(jsonata: str) -> str:
    """An expression that is written on several lines, for a definition, in which it takes less room on one."""
    return SPACE.sub(lambda found: found["literal"] or " ", jsonata)


def integration(name: str) -> str:
    """The resource of a service integration, such as `lambda:invoke` or `aws-sdk:ssm:sendCommand`."""
    return f"arn:{_partition()}:states:::{name}"


@cache
def _partition() -> str:
    """The same placeholder each time, which CDK would be asked for by each state of each machine."""
    return Aws.PARTITION


def choice(condition: str, *, then: str) -> dict[str, Any]:
    """One rule of a Choice state."""
    return {"Condition": expr(condition), "Next": then}


def retry(*errors: str, attempts: int, interval: int = 1, most: int = 30) -> Retry:
    """A Retry with full jitter; `interval` and `most` in seconds, each pause twice as long as the one before."""
    return [
        {
            "ErrorEquals": list(errors),
            "IntervalSeconds": interval,
            "MaxAttempts": attempts,
            "MaxDelaySeconds": most,
            "JitterStrategy": "FULL",
        }
    ]


def rejected_by(service: str) -> tuple[str, ...]:
    """Errors with which `service` says that it did nothing, throttling first of all.

    The SDK that Step Functions uses names an error after its exception class, and the class of an error that the
    service's model does not list is the service's general one (`Ssm.SsmException`): throttling comes under that name.
    """
    return (f"{service}.ThrottlingException", f"{service}.{service}Exception")


def unanswered_by(service: str) -> tuple[str, ...]:
    """Errors that leave open whether `service` did what it was asked.

    So does `States.Timeout`, but for a task that waits for a token, where it is the token that did not come.
    """
    return (f"{service}.InternalServerErrorException", f"{service}.SdkClientException")


def reading_retry() -> Retry:
    """A Retry for calls that only read or may be made twice: whatever the call failed with, it does no harm."""
    return retry("States.TaskFailed", "States.Timeout", attempts=4)
