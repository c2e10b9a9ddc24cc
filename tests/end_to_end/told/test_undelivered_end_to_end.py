"""What Slack does not take within half an hour is kept, told by an alarm, and can be sent again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.slack import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.slack import SentCommand
    from tests.end_to_end.told.observed import Observed

    Send = Callable[[str], SentCommand]


@pytest.fixture
def away(observed: Observed) -> Iterator[None]:
    """While it is needed, Slack takes nothing."""
    for method in ("response_url", "chat.postMessage", "conversations.open"):
        observed.cloud.slack.faults.inject(method, Fault.status(503), times=10_000)
    yield
    observed.cloud.slack.faults.clear()
    observed.forget_dead_letters()


def letters(observed: Observed, sent: SentCommand) -> list[dict[str, Any]]:
    """The reports of a command in the dead-letter queue."""
    found = [json.loads(one.body) for one in observed.dead_letters() if one.attributes.get("kind") == "report"]
    return [letter for letter in found if letter["request"]["user_id"] == sent.command.user_id]


def test_it_is_kept_told_by_an_alarm_and_sent_again(observed: Observed, send: Send, away: None):
    sent = send("/come-to a good one")
    observed.until(lambda: observed.found_by("retry_after"))
    observed.cloud.advance(by=timedelta(minutes=31))
    (letter,) = observed.until(lambda: letters(observed, sent))
    assert observed.error(sent) == "FAILED ChatOps.Undelivered"
    assert sent.results == []
    assert letter["id"] == observed.arn(sent).rpartition(":")[2]
    assert (letter["version"], letter["said"], letter["tries"] > 0) == (2, 0, True)
    assert observed.audit_line(sent)["outcome"] == "succeeded"
    states = observed.cloud.server.evaluate_alarms(later=timedelta(minutes=1))
    (undelivered,) = (state for name, state in states.items() if "Undelivered" in name)
    assert undelivered == "ALARM"
    assert observed.cloud.server.published(observed.physical("SNS::Topic"))

    # Slack is back, and somebody does as docs/observing.md says.
    observed.cloud.slack.faults.clear()
    answer = observed.cloud.server.client("lambda").invoke(
        FunctionName=observed.physical("Lambda::Function", "Report"), Payload=json.dumps(letter).encode()
    )
    assert json.loads(answer["Payload"].read())["done"] is True
    observed.cloud.slack.wait_for(lambda message: message.via == "chat.postMessage" and "a good end" in message.text)


def test_an_event_that_starts_nothing_is_kept(observed: Observed, send: Send, told_assembly: Any):
    def edit(template: dict[str, Any]) -> None:
        (policy,) = (id for id in template["Resources"] if "SlackEndingsRoleDefaultPolicy" in id)
        (statement,) = template["Resources"][policy]["Properties"]["PolicyDocument"]["Statement"]
        statement["Action"] = "states:ListExecutions"

    observed.cloud.deploy(told_assembly, edit_template=edit)
    try:
        with observed.held():
            sent = send("/wait")
            observed.cloud.server.client("stepfunctions").stop_execution(executionArn=observed.arn(sent))
            events = observed.until(lambda: [one for one in observed.dead_letters() if "RULE_ARN" in one.attributes])
        assert json.loads(events[0].body)["detail"]["executionArn"] == observed.arn(sent)
    finally:
        observed.cloud.deploy(told_assembly)
        observed.forget_dead_letters()
