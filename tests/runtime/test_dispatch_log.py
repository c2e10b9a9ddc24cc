"""What the dispatch function logs, and what it must never log."""

import hashlib
import json

from tests.runtime.conftest import log_lines
from tests.runtime.slack_requests import SECRET, TEAM, Context, form, signed


def test_a_request_is_one_line_that_tells_what_happened(dispatch, capsys):
    body = form()
    dispatch(body)
    (line,) = log_lines(capsys)
    milliseconds = line.pop("milliseconds")
    assert isinstance(milliseconds, int)
    assert line.pop("_aws")["CloudWatchMetrics"]
    assert line == {
        "level": "INFO",
        "event": "request",
        "outcome": "started",
        "status": 200,
        "request_id": Context.aws_request_id,
        "command": "/ps",
        "id": hashlib.sha256(body).hexdigest(),
        "team_id": TEAM,
        "channel_id": "C0123OPS",
        "user_id": "U0123TARO",
        "Endpoint": "Ops_Slack_1A2B3C4D",
        "Reason": "started",
        "AckTime": milliseconds,
        "Received": 1,
        "Started": 1,
    }


def test_what_is_logged_of_a_sub_command_is_the_tables_name(dispatch, capsys):
    dispatch(form(command="/ops", text="restart canary"))
    assert log_lines(capsys)[-1]["command"] == "/ops restart"


def test_a_command_that_is_not_in_the_table_is_not_logged(dispatch, capsys):
    dispatch(form(command="/canary"))
    assert "/canary" not in capsys.readouterr().out


def test_nothing_secret_and_nothing_typed_is_in_any_line_or_answer(dispatch, capsys, monkeypatch):
    """Every outcome, with a canary in each value that must stay out."""

    def fail(*_: object) -> None:
        raise KeyError("canary-exception")

    typed = "canary-typed-text"
    bodies = [
        form(command="/say", text=typed),
        form(command="/say", text=typed, team_id="T0OTHER"),
        form(command="/say", text=typed, response_url="https://canary.example.com/commands/T/1"),
        form(command="/ps", text=typed),
        form(command="/say", text=typed) + b"&canary-field=1&canary-field=2",
        form(command="/say", text=typed, user_id="canary-user"),
    ]
    answers = [dispatch(body) for body in bodies]
    answers.append(dispatch(bodies[0], {**signed(bodies[0]), "x-slack-signature": "v0=canary-signature"}))
    dispatch.aws.failures = [(400, "AccessDeniedException")]
    answers.append(dispatch(bodies[0]))
    monkeypatch.setattr("chatops_runtime.dispatch.commands.route", fail)
    answers.append(dispatch(bodies[0]))
    out = capsys.readouterr()
    logged = out.out + out.err
    assert len(logged.splitlines()) == len(answers)
    assert '"error": "KeyError"' in logged
    for text in (logged, json.dumps(answers)):
        assert "canary" not in text
        assert SECRET not in text
        assert "hooks.slack.com" not in text
        assert signed(bodies[0])["x-slack-signature"][3:] not in text
