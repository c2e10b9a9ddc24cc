"""Handlers in plain Python behind commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.test_run_script_end_to_end import result, run, status

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud


def test_a_handler_is_told_everything_but_the_response_url(cloud: LocalCloud):
    sent = run(cloud, "/ops who is there?")
    (message,) = sent.results
    (execution,) = cloud.executions_of(sent)
    name = execution.arn.rpartition(":")[2]
    expected = f"/ops who|is there?|{sent.command.user_id}|{sent.command.channel_id}|T0FIRST1|{name}"
    assert expected in message.shown


def test_a_handler_that_raises_is_told_by_type_and_message(cloud: LocalCloud):
    sent = run(cloud, "/broken <!channel> thing")
    (message,) = sent.results
    assert "LookupError" in message.shown
    assert "no such thing" in message.shown
    assert message.notifies == ()
    assert "Traceback" not in message.shown
    assert status(cloud, sent) == "FAILED"


def test_the_answer_of_a_sub_command_group_without_a_match(cloud: LocalCloud):
    sent = cloud.slack.send("/ops nonsense", endpoint="A0FIRST1")
    assert sent.ack.ok
    assert "/ops who" in sent.ack.text
    assert cloud.executions_of(sent) == []


def test_text_after_a_command_that_takes_none(cloud: LocalCloud):
    sent = cloud.slack.send("/ok now", endpoint="A0FIRST1")
    assert sent.ack.ok
    assert sent.ack.payload["response_type"] == "ephemeral"
    assert "/ok" in sent.ack.text
    assert cloud.executions_of(sent) == []
    (problem,) = cloud.problems_of(sent)
    assert "usage" in problem


def test_result_helper_sees_one_message(cloud: LocalCloud):
    assert result(cloud, "/ops who").user is not None
