"""Fan-outs that the tests look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk.aws_cloudwatch_actions import SnsAction

from chatops_constructs import Allow, JobFunction, PythonFunction, ThrottledFanOut
from tests.constructs.stacks import ROOT, Synthesised, endpoint, new_stack

if TYPE_CHECKING:
    from constructs import Construct

CALLS = ROOT / "examples" / "functions" / "calls"


def job_function(scope: Construct, id: str = "Call", **options: Any) -> JobFunction:
    return JobFunction(scope, id, **{"entry": CALLS, "handler": "calls.call", **options})


def fan_out(scope: Construct, id: str = "Calls", **options: Any) -> ThrottledFanOut:
    consumer = options.pop("consumer", None) or job_function(scope, f"{id}Call")
    return ThrottledFanOut(scope, id, consumer=consumer, **options)


def other_function(scope: Construct, id: str = "Other", **options: Any) -> lambda_.Function:
    return lambda_.Function(
        scope,
        id,
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handler",
        code=lambda_.Code.from_inline("handler = print"),
        **options,
    )


def smallest() -> Synthesised:
    app, stack = new_stack()
    fan_out(stack).publish_from(PythonFunction(stack, "Publish", entry=CALLS, handler="calls.publish"))
    return Synthesised.of(app, stack)


def everything() -> tuple[cdk.App, cdk.Stack]:
    """With a key, a rate, alarms, commands and a producer."""
    app, stack = new_stack("Everything")
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    made = fan_out(
        stack, consumer=job_function(stack, "Consumer", encryption_key=key), per_second=10, encryption_key=key
    )
    made.publish_from(PythonFunction(stack, "Publish", entry=CALLS, handler="calls.publish"))
    made.alarms(actions=[SnsAction(sns.Topic(stack, "Alarmed", enforce_ssl=True))], drain_time=cdk.Duration.minutes(10))
    slack = endpoint(stack)
    for name, action in (("status", made.status_action()), ("redrive", made.redrive_action())):
        slack.add_command(f"/calls {name}", action, description="calls", allow=Allow.workspace())
    return app, stack
