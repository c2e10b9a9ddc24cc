"""A signed request over HTTP → dispatch → state machine → script on the instances → result in Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.conftest import APP

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.cloud import LocalCloud
    from chatops_local.slack.message import Message
    from chatops_local.slack.sent_command import SentCommand

FIRST = "A0FIRST1"
SECOND = "A0SECOND"


def run(cloud: LocalCloud, command_line: str, *, endpoint: str = FIRST) -> SentCommand:
    """Type a command and wait until it is over."""
    sent = cloud.slack.send(command_line, endpoint=endpoint)
    assert sent.ack.ok, sent.ack.problem
    sent.wait(60)
    return sent


def result(cloud: LocalCloud, command_line: str, *, endpoint: str = FIRST) -> Message:
    """The one message that a command ends with."""
    (message,) = run(cloud, command_line, endpoint=endpoint).results
    return message


def status(cloud: LocalCloud, sent: SentCommand) -> str:
    """How the command's one execution ended."""
    (execution,) = cloud.executions_of(sent)
    return execution.status


def test_both_instances_report_to_the_channel(cloud: LocalCloud):
    sent = run(cloud, "/both")
    (message,) = sent.results
    assert sent.ack.payload["response_type"] == "in_channel"
    assert message.user is None
    assert "on web-1" in message.shown
    assert "on web-2" in message.shown
    assert "Success" in message.shown or "succeeded" in message.shown
    assert status(cloud, sent) == "SUCCEEDED"


def test_a_result_for_the_user_alone(cloud: LocalCloud):
    sent = run(cloud, "/ok")
    (message,) = sent.results
    assert message.user == sent.command.user_id
    assert "hello from one-1" in message.shown


def test_the_second_endpoint_has_its_own_command_of_the_same_name(cloud: LocalCloud):
    assert "second" in result(cloud, "/ok", endpoint=SECOND).shown


def test_a_script_arrives_byte_for_byte(cloud: LocalCloud):
    # The script is `cat` by its first line, so what comes back is what arrived.
    text = result(cloud, "/tricky").text
    script = (APP / "tricky.sh").read_text(encoding="utf-8")
    escaped = script.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Tabs and trailing blanks are what a message may lose; the bytes themselves are compared on the instance's side,
    # in the tests of the script document.
    for line in escaped.splitlines():
        assert line.strip() in text


def test_what_was_typed_arrives_unharmed(cloud: LocalCloud):
    typed = "日本語 🚀 'single' \"double\" $HOME `id` $(id) a+b 100% &amp; ; | \\ {{ssm:/prod/db}} $$"
    shown = result(cloud, f"/echo {typed}").text
    expected = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"[{expected}] [U" in shown
    assert "[/echo]" in shown


def test_no_text_at_all(cloud: LocalCloud):
    assert "[] [U" in result(cloud, "/echo").text


@pytest.mark.parametrize(("command", "said"), [("/quick", "quick"), ("/slow", "slow")])
def test_short_and_long_commands_report(cloud: LocalCloud, command: str, said: str):
    assert said in result(cloud, command).shown


def test_output_can_ping_nobody_and_cannot_leave_its_fence(cloud: LocalCloud):
    message = result(cloud, "/nasty")
    assert message.notifies == ()
    assert message.unfurls == ()
    assert "&lt;!channel&gt;" in message.text
    assert "&amp;amp;" in message.text
    assert "\x1b" not in message.text
    assert "\u202e" not in message.text
    assert message.text.count("```") == 2


def test_output_over_the_limit_says_so_and_where_the_rest_is(cloud: LocalCloud):
    sent = run(cloud, "/big")
    message, *others = sent.results
    assert "cut" in message.text
    assert "24,000" in message.text
    assert "one-1" in message.text
    assert len(others) == 2
    assert all(len(each.text) < 13_200 for each in sent.results)
    log_group = next(
        group["logGroupName"]
        for group in cloud.server.client("logs").describe_log_groups()["logGroups"]
        if "RunCommandOutput" in group["logGroupName"]
    )
    assert log_group in message.text
    # The whole of it is there.
    logs = cloud.server.client("logs")
    streams = [stream["logStreamName"] for stream in logs.describe_log_streams(logGroupName=log_group)["logStreams"]]
    sizes = [
        sum(
            len(event["message"])
            for event in logs.get_log_events(logGroupName=log_group, logStreamName=stream)["events"]
        )
        for stream in streams
        if stream.endswith("stdout")
    ]
    assert max(sizes) >= 30_000 - 30_000 // 17


def test_a_failing_script_says_code_and_stderr(cloud: LocalCloud):
    sent = run(cloud, "/fail")
    (message,) = sent.results
    assert "some output" in message.shown
    assert "what went wrong" in message.shown
    assert "3" in message.shown
    assert status(cloud, sent) == "FAILED"


def test_no_output_is_said(cloud: LocalCloud):
    assert "no output" in result(cloud, "/silent").shown.lower()


def test_a_script_that_runs_into_its_timeout(cloud: LocalCloud):
    sent = run(cloud, "/hang")
    (message,) = sent.results
    assert "10" in message.shown
    assert "time" in message.shown.lower()
    assert status(cloud, sent) == "FAILED"


def test_a_tag_that_no_instance_carries(cloud: LocalCloud):
    sent = run(cloud, "/nobody")
    (message,) = sent.results
    assert "Role=nobody" in message.shown
    assert status(cloud, sent) == "FAILED"


def test_instances_that_are_all_offline(cloud: LocalCloud):
    sent = run(cloud, "/asleep")
    (message,) = sent.results
    assert "asleep-1" in message.shown
    assert "offline" in message.shown.lower()
    assert status(cloud, sent) == "FAILED"


def test_offline_instances_are_named_beside_the_others(cloud: LocalCloud):
    sent = run(cloud, "/mixed")
    (message,) = sent.results
    assert "awake" in message.shown
    assert "asleep-1" in message.shown
    assert status(cloud, sent) == "SUCCEEDED"


def test_an_instance_by_its_id(cloud: LocalCloud):
    message = result(cloud, "/by-id")
    assert "here" in message.shown
    assert "i-0123456789abcdef0" in message.shown


def test_the_id_in_slack_finds_the_execution(cloud: LocalCloud):
    sent = run(cloud, "/fail")
    (execution,) = cloud.executions_of(sent)
    short_id = execution.arn.rpartition(":")[2][:10]
    assert short_id in sent.ack.text
    assert short_id in sent.results[0].text


def test_the_working_folder_is_left_clean(cloud: LocalCloud):
    def folders() -> set[Path]:
        return {path for path in cloud.server.directory.rglob("tmp.*") if path.is_dir()}

    before = folders()
    result(cloud, "/ok")
    assert folders() == before
