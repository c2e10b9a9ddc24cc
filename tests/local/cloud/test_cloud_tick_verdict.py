"""What is said of a tick that did not go well, and of messages that are still on their way: with stand-ins."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from chatops_local.cli.style import Style
from chatops_local.cli.tick_outcome import TickOutcome
from chatops_local.cloud.read_queues import wait_until_read
from chatops_local.cloud.simulated_time import SimulatedTime
from chatops_local.cloud.tick_verdict import problems_of_tick
from chatops_local.server.messaging import Publication, Refusal
from chatops_local.server.observations import AsynchronousInvocation
from chatops_local.server.scheduler import Delivery
from tests.local.cloud.test_cloud_schedules import NOW, Scheduler, Server, Slack


def tick(**changed: Any) -> Any:
    return SimpleNamespace(**{"deliveries": (), "executions": (), "functions": (), "refusals": (), **changed})


class TestProblems:
    def test_none(self):
        started = Delivery("arn:aws:states:x", 3, "", "", "", "")
        assert problems_of_tick(tick(deliveries=(started,))) == []

    def test_a_dead_letter_tells_of_it(self):
        lost = Delivery("", 2, "StateMachineDoesNotExist", "gone", "MaximumRetryAttempts", "sent")
        assert problems_of_tick(tick(deliveries=(lost,))) == [
            "EventBridge Scheduler gave up after 2 attempts: StateMachineDoesNotExist: gone"
        ]

    def test_a_function_that_failed(self):
        ran = AsynchronousInvocation("arn:aws:lambda:r:1:function:timer", "{}", 1, "", "", [], is_over=True)
        failed = AsynchronousInvocation(
            "arn:aws:lambda:r:1:function:timer", "{}", 3, "KeyError", "'kind'", [], is_over=True
        )
        assert problems_of_tick(tick(functions=(ran, failed))) == [
            "function timer failed after 3 attempts: KeyError: 'kind'"
        ]

    def test_a_function_that_still_runs(self):
        running = AsynchronousInvocation("arn:aws:lambda:r:1:function:timer", "{}", 1, "", "", [], is_over=False)
        assert problems_of_tick(tick(functions=(running,)), timed_out_after=2) == [
            "not over after 2 s: function timer runs"
        ]

    def test_what_a_service_was_not_let(self):
        refusal = Refusal("sns.amazonaws.com", "arn:topic", "arn:queue", "no statement allows it")
        assert problems_of_tick(tick(refusals=(refusal,))) == [
            "sns.amazonaws.com did not reach arn:queue for arn:topic: no statement allows it"
        ]


class Queues:
    """A queue that a function reads, and a stream that another one reads."""

    def __init__(self, *counts: int) -> None:
        self.counts = list(counts)

    def client(self, _: str) -> Queues:
        return self

    def get_paginator(self, _: str) -> Queues:
        return self

    def paginate(self) -> list[dict[str, Any]]:
        arns = ("arn:aws:sqs:us-east-1:1:notices", "arn:aws:dynamodb:us-east-1:1:table/t/stream/1")
        return [{"EventSourceMappings": [{"EventSourceArn": arn} for arn in arns]}]

    def messages(self, queue: str) -> list[str]:
        assert queue == "notices"
        return ["message"] * (self.counts.pop(0) if len(self.counts) > 1 else self.counts[0])


class TestQueues:
    def test_read_at_last(self):
        server: Any = Queues(2, 1, 0)
        assert wait_until_read(server, 10) == {}

    def test_never_read(self):
        server: Any = Queues(2)
        assert wait_until_read(server, 0.01) == {"notices": 2}


def test_the_same_text_is_printed_once():
    scheduler = Scheduler()
    scheduler.add("nightly", "at(2026-03-07T02:00:00)")
    server: Any = Server()
    server.scheduler = scheduler
    slack: Any = Slack()
    fired = SimulatedTime(server, slack, NOW).tick(None, None, times=1, force=False)
    server.topics = [
        Publication(f"arn:aws:sns:us-east-1:1:{topic}", "id", "It ran", "", {"default": "It ran\non web-1"}, {}, [])
        for topic in ("one", "two")
    ]
    assert TickOutcome(fired, [], []).as_text(Style()).splitlines() == [
        "✔ nightly  at(2026-03-07T02:00:00) UTC",
        "  fired as due Sat 2026-03-07 02:00 UTC; not due again",
        "  published to one, which nobody has subscribed to",
        "    It ran",
        "    on web-1",
        "  published to two, which nobody has subscribed to: the same",
    ]
