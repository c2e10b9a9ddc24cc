"""What synthesis refuses about a fan-out, in words that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from hypothesis import given
from hypothesis import strategies as st

from chatops_constructs import Idempotency
from chatops_constructs._problems import Problems
from chatops_constructs.fan_out.throttle import Throttle
from chatops_runtime.contracts.fan_out import BOOKKEEPING_SECONDS, MARGIN
from tests.constructs.fan_outs import fan_out, job_function, other_function

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = cdk.Duration.seconds


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"max_concurrency": 1},
            ["max_concurrency is 1; allowed: a whole number from 2 to 1000", "FIFO queue", "per_s"],
        ),
        ({"max_concurrency": 1001}, ["max_concurrency is 1001"]),
        ({"max_concurrency": 2.5}, ["max_concurrency is 2.5"]),
        ({"max_concurrency": True}, ["max_concurrency is True"]),
        ({"batch_size": 0}, ["batch_size is 0; allowed: a whole number from 1 to 10"]),
        ({"batch_size": 11}, ["batch_size is 11"]),
        ({"max_receives": 1}, ["max_receives is 1; allowed: a whole number from 2 to 1000"]),
        ({"per_second": 0}, ["per_second is 0; allowed: a number above 0, up to 400"]),
        ({"per_second": -1}, ["per_second is -1"]),
        ({"per_second": 401}, ["per_second is 401"]),
        ({"per_second": float("nan")}, ["per_second is nan"]),
        ({"per_second": "10"}, ["per_second is '10'"]),
        ({"per_second": 0.1}, ["per_second is 0.1; allowed: 0.879 and more", "choose a smaller batch_size"]),
        (
            {"longest_job": SECONDS(10)},
            ["longest_job is '10 seconds'", "10 jobs one after the other", "5.9 s for each"],
        ),
        (
            {"longest_job": SECONDS(100)},
            ["longest_job is '1 minute 40 seconds'; allowed: a Duration of 1 second to 1 m"],
        ),
        ({"retry_after": SECONDS(0)}, ["retry_after is '0 "]),
        (
            {"visibility_timeout": SECONDS(359)},
            ["visibility_timeout is '5 minutes 59 seconds'", "6 minutes to 12 hours"],
        ),
        ({"retention": SECONDS(59)}, ["retention is '59 seconds'; allowed: a Duration of 1 minute to 14 days"]),
        (
            {"idempotency": Idempotency(remembered=SECONDS(300))},
            ["idempotency.remembered is '5 minutes'; allowed: a Duration of 6 minutes to 365 days"],
        ),
        ({"max_concurrency": 1, "batch_size": 11}, ["max_concurrency is 1", "\n  and batch_size is 11"]),
    ],
)
def test_what_is_refused(stack: cdk.Stack, options: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(ValueError, match="ThrottledFanOut 'Ops/Calls': ") as raised:
        fan_out(stack, **options)
    for text in said:
        assert text in str(raised.value)


@pytest.mark.parametrize("parameter", ["max_concurrency", "per_second"])
def test_numbers_have_to_be_known(stack: cdk.Stack, parameter: str) -> None:
    token = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    with pytest.raises(ValueError, match=f"{parameter} is known at deploy time only"):
        fan_out(stack, "Calls", **cast("dict[str, Any]", {parameter: token}))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, ["idempotency is Idempotency(remembered=None); allowed: None", "say idempotency=None"]),
        (
            {"idempotency": None, "per_second": 10},
            ["per_second is 10; allowed: None for a consumer that is no JobFunc"],
        ),
        ({"idempotency": None, "longest_job": SECONDS(1)}, ["longest_job is '1 second'; allowed: None"]),
        ({"idempotency": None, "retry_after": SECONDS(1)}, ["retry_after is '1 second'; allowed: None"]),
    ],
)
def test_what_a_consumer_of_ones_own_does_itself(stack: cdk.Stack, options: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(ValueError, match="ThrottledFanOut 'Ops/Calls': ") as raised:
        fan_out(stack, consumer=other_function(stack), **options)
    for text in said:
        assert text in str(raised.value)


def test_a_timeout_that_is_not_known_takes_a_visibility_timeout(stack: cdk.Stack) -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:theirs"
    with pytest.raises(ValueError, match="visibility_timeout is None") as raised:
        fan_out(stack, consumer=lambda_.Function.from_function_arn(stack, "Theirs", arn), idempotency=None)
    assert "give 6 times its timeout" in str(raised.value)


def a_throttle(draw: Callable[[Any], Any]) -> Throttle:
    return Throttle(
        max_concurrency=draw(st.integers(2, 1000)),
        batch_size=draw(st.integers(1, 10)),
        per_second=draw(st.none() | st.floats(0.01, 400)),
        timeout=draw(st.integers(1, 900)),
        longest_job=draw(st.none() | st.integers(1, 900)),
    )


@given(st.data())
def test_what_is_allowed_can_be_held(data: st.DataObject) -> None:
    """However many invocations want slots at once, each does its whole batch within its timeout, or it is refused."""
    throttle = a_throttle(data.draw)
    problems = Problems("Test")
    throttle.check(problems)
    wait = 0 if throttle.per_second is None else throttle.max_concurrency * MARGIN / throttle.per_second
    needed = throttle.batch_size * (wait + throttle.longest) + BOOKKEEPING_SECONDS
    if problems.count == 0:
        assert needed <= throttle.timeout + 1e-6
        assert throttle.longest > 0


@given(st.data())
def test_the_lowest_rate_that_an_error_names_is_taken(data: st.DataObject) -> None:
    throttle = a_throttle(data.draw)
    problems = Problems("Test")
    throttle.check(problems)
    (said,) = problems._found or [""]
    if not said.startswith("per_second"):
        return
    named = float(said.partition("allowed: ")[2].partition(" ")[0]) * 1.01
    if named <= 400:
        again = Problems("Test")
        Throttle(**{**vars(throttle), "per_second": named}).check(again)
        assert again.count == 0


def test_a_job_function_with_a_variable_of_its_own_making(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match="CHATOPS_HANDLER"):
        job_function(stack, environment={"CHATOPS_HANDLER": "x.y"})


@pytest.mark.parametrize("parameter", ["oldest", "drain_time"])
def test_alarms_with_no_limit(stack: cdk.Stack, parameter: str) -> None:
    with pytest.raises(ValueError, match=f"{parameter} is '1 second'"):
        fan_out(stack).alarms(**cast("dict[str, Any]", {parameter: SECONDS(1)}))
