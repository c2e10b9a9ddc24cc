"""A result is brought to Slack again, in Slack's own time, and nothing is said twice."""

from __future__ import annotations

from typing import Any

import pytest

from chatops_constructs import RunScript, SlackCredentials
from tests.constructs.fake_ssm import FakeInstance, FakeSsm
from tests.constructs.stacks import WEB, Synthesised, add, endpoint, new_stack
from tests.constructs.states_language import Execution, StateError

DONE = {"done": True, "said": 2, "delivered_by": "response_url"}


@pytest.fixture(scope="module")
def definition() -> dict[str, Any]:
    app, stack = new_stack()
    credentials = SlackCredentials.from_parameters("/ops", bot_token=True)
    add(endpoint(stack, credentials=credentials), "/ps", RunScript("ps", targets=WEB))
    return Synthesised.of(app, stack).definition("Ps_Machine")


class Told:
    """The report function with its answers, the last one for ever; and when it was invoked with what."""

    def __init__(self, *answers: dict[str, Any] | StateError, status: str = "Success") -> None:
        self.ssm = FakeSsm([FakeInstance("i-01234567", details=status)])
        self.answers = list(answers)
        self.events: list[tuple[float, dict[str, Any]]] = []

    def __call__(self, resource: str, arguments: Any) -> Any:
        if resource != "lambda:invoke":
            return self.ssm(resource, arguments)
        self.events.append((self.ssm.clock.now, arguments["Payload"]))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, StateError):
            raise answer
        return {"StatusCode": 200, "Payload": answer}

    def run(self, definition: dict[str, Any]) -> Execution:
        execution = Execution(self, {"script_environment": "Q0hB"}, self.ssm.clock)
        execution.run(definition)
        return execution


def busy(said: int, retry_after: int) -> dict[str, Any]:
    return {"done": False, "said": said, "retry_after": retry_after, "detail": "Slack … HTTP 429"}


def test_a_pause_is_waited_for_and_what_was_said_is_known(definition: dict[str, Any]) -> None:
    told = Told(busy(0, 30), busy(1, 300), DONE)
    execution = told.run(definition)
    (first, _), (second, _), (third, _) = told.events
    assert (second - first, third - second) == (30, 300)
    assert [(event["said"], event["tries"]) for _, event in told.events] == [(0, 0), (0, 1), (1, 2)]
    assert execution.visited[-1] == "Succeeded"


def test_the_verdict_is_not_forgotten_meanwhile(definition: dict[str, Any]) -> None:
    with pytest.raises(StateError, match=r"ChatOps\.ActionFailed"):
        Told(busy(0, 30), DONE, status="Failed").run(definition)


def test_after_30_minutes_it_is_given_up(definition: dict[str, Any]) -> None:
    told = Told(busy(1, 60))
    with pytest.raises(StateError, match=r"ChatOps\.Undelivered.*HTTP 429"):
        told.run(definition)
    assert told.events[-1][0] - told.events[0][0] == 29 * 60
    assert told.events[-1][1]["tries"] == 29


def test_a_pause_beyond_the_30_minutes_is_not_begun(definition: dict[str, Any]) -> None:
    told = Told(*[busy(0, 300)] * 5, busy(0, 299), DONE)
    told.run(definition)
    assert told.events[-1][0] - told.events[0][0] == 1799


def test_trouble_of_lambdas_own_is_no_try(definition: dict[str, Any]) -> None:
    told = Told(StateError("Lambda.TooManyRequestsException"), DONE)
    told.run(definition)
    assert [event["tries"] for _, event in told.events] == [0, 0]
