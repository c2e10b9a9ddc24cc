"""Reserved concurrency that makes events vanish is refused when the app is synthesised, wherever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from chatops_constructs import refuse_lossy_throttles
from tests.constructs.fan_outs import fan_out, job_function, other_function
from tests.constructs.stacks import new_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import Construct

VANISHES = "dropped in silence"
UNTRIED = "comes to the dead-letter queue untried"


def by_topic(function: lambda_.Function, scope: Construct | None = None) -> None:
    sns.Topic(scope or cdk.Stack.of(function), "Topic").add_subscription(subscriptions.LambdaSubscription(function))


def by_queue(function: lambda_.IFunction, scope: Construct, max_concurrency: int | None = None) -> None:
    queue = sqs.Queue(scope, f"Queue{len(scope.node.children)}")
    function.add_event_source(sources.SqsEventSource(queue, max_concurrency=max_concurrency))


def two_queues(stack: cdk.Stack) -> None:
    function = other_function(stack, reserved_concurrent_executions=6)
    for _ in range(2):
        by_queue(function, stack, max_concurrency=4)


def by_alias(stack: cdk.Stack) -> None:
    function = other_function(stack, reserved_concurrent_executions=3)
    by_queue(function.current_version.add_alias("live"), stack, max_concurrency=4)


def from_another_stack(stack: cdk.Stack) -> None:
    function = other_function(stack, reserved_concurrent_executions=3)
    by_topic(function, cdk.Stack(cast("cdk.App", stack.node.scope), "Topics"))


def unused(stack: cdk.Stack) -> None:
    other_function(stack, reserved_concurrent_executions=1)


REFUSED: dict[str, tuple[Callable[[cdk.Stack], None], str]] = {
    "a topic": (lambda stack: by_topic(other_function(stack, reserved_concurrent_executions=5)), VANISHES),
    "a topic elsewhere": (from_another_stack, VANISHES),
    "a queue": (lambda stack: by_queue(other_function(stack, reserved_concurrent_executions=5), stack), UNTRIED),
    "a queue of more": (
        lambda stack: by_queue(other_function(stack, reserved_concurrent_executions=5), stack, max_concurrency=6),
        UNTRIED,
    ),
    "two queues": (two_queues, "have a maximum concurrency of 8"),
    "an alias": (by_alias, UNTRIED),
}

FINE: dict[str, Callable[[cdk.Stack], None]] = {
    "nothing reserved": lambda stack: by_topic(other_function(stack)),
    "no throttle": lambda stack: by_queue(other_function(stack), stack),
    "a destination": lambda stack: by_topic(
        other_function(
            stack,
            reserved_concurrent_executions=5,
            on_failure=destinations.SqsDestination(sqs.Queue(stack, "Kept")),
        )
    ),
    "a dead-letter queue": lambda stack: by_topic(
        other_function(stack, reserved_concurrent_executions=5, dead_letter_queue=sqs.Queue(stack, "Kept"))
    ),
    "as much as the queue": lambda stack: by_queue(
        other_function(stack, reserved_concurrent_executions=6), stack, max_concurrency=6
    ),
    "nobody invokes it": unused,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_in_an_app(name: str) -> None:
    app, stack = new_stack()
    make, said = REFUSED[name]
    make(stack)
    refuse_lossy_throttles(app)
    with pytest.raises(RuntimeError, match="reserved concurrency of") as raised:
        app.synth()
    assert said in str(raised.value)
    assert "'Ops/Other/Resource'" in str(raised.value)


@pytest.mark.parametrize("name", FINE)
def test_what_is_fine(name: str) -> None:
    app, stack = new_stack()
    FINE[name](stack)
    refuse_lossy_throttles(app)
    assert app.synth()


def test_a_stack_with_a_fan_out_looks_by_itself_once() -> None:
    app, stack = new_stack()
    fan_out(stack)
    fan_out(stack, "Others")
    by_topic(other_function(stack, reserved_concurrent_executions=5))
    with pytest.raises(RuntimeError, match=VANISHES) as raised:
        app.synth()
    assert str(raised.value).count("[Ops/") == 1


def test_a_consumer_with_too_little_reserved_by_an_escape_hatch() -> None:
    app, stack = new_stack()
    consumer = job_function(stack)
    cast("lambda_.CfnFunction", consumer.node.default_child).reserved_concurrent_executions = 3
    fan_out(stack, consumer=consumer, max_concurrency=5)
    with pytest.raises(RuntimeError, match="'Ops/Call/Resource' has a reserved concurrency of 3") as raised:
        app.synth()
    assert "leave reserved_concurrent_executions out" in str(raised.value)
