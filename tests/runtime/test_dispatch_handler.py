"""The dispatch function from Lambda's event to its answer, with AWS as a double over HTTP."""

import hashlib
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.conftest import Dispatch
from tests.runtime.slack_requests import RESPONSE_URL, SECRET, TEAM, Context, event, form, signed

MACHINES = "arn:aws:states:eu-central-1:123456789012:stateMachine:"


def log_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_command_starts_its_machine_and_is_acknowledged(dispatch):
    body = form()
    name = hashlib.sha256(body).hexdigest()

    assert dispatch.message(body) == {"response_type": "in_channel", "text": f"Running `/ps` … (id `{name[:10]}`)"}

    (raw,) = dispatch.aws.called("StartExecution")
    keys = list(json.loads(raw["input"]))
    assert keys == sorted(keys)  # the text must not depend on the order in which a version of the code puts it together
    (started,) = dispatch.started
    assert started["stateMachineArn"] == f"{MACHINES}Ops-Ps"
    assert started["name"] == name
    environment = started["input"].pop("script_environment")
    assert started["input"] == {
        "version": 1,
        "command": "/ps",
        "text": "",
        "team_id": TEAM,
        "channel_id": "C0123OPS",
        "channel_name": "ops",
        "user_id": "U0123TARO",
        "user_name": "taro",
        "response_url": RESPONSE_URL,
    }
    assert environment


def test_the_scripts_environment_is_read_by_a_plain_shell(dispatch):
    text = 're\'start "$HOME" `id` $(id) $$ {{ x }} {{ssm:/prod/db}} \\n 再起動 🚀 100% +1'
    body = form(command="/say", text=text)
    dispatch(body)
    encoded = dispatch.started[0]["input"]["script_environment"]
    assert set(encoded) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
    # The decoder that the contract describes: lines of NAME=base64, base64-encoded once more.
    decoder = (
        'for line in $(printf %s "$1" | base64 -d); do '
        'printf "%s=%s|" "${line%%=*}" "$(printf %s "${line#*=}" | base64 -d)"; done'
    )
    decoded = subprocess.run(["/bin/sh", "-c", decoder, "sh", encoded], check=True, capture_output=True).stdout.decode()
    assert dict(pair.split("=", 1) for pair in decoded.rstrip("|").split("|")) == {
        "CHATOPS_COMMAND": "/say",
        "CHATOPS_TEXT": text,
        "CHATOPS_USER_ID": "U0123TARO",
        "CHATOPS_USER_NAME": "taro",
        "CHATOPS_CHANNEL_ID": "C0123OPS",
        "CHATOPS_CHANNEL_NAME": "ops",
        "CHATOPS_REQUEST_ID": hashlib.sha256(body).hexdigest(),
    }


def test_visible_to_the_user_is_acknowledged_to_the_user(dispatch):
    assert dispatch.message(form(command="/say"))["response_type"] == "ephemeral"


def test_a_sub_command_is_routed_with_the_rest_of_the_text(dispatch):
    assert "Running `/ops restart`" in dispatch.message(form(command="/ops", text="restart  nginx now"))["text"]
    assert dispatch.started[0]["input"]["text"] == "nginx now"
    assert dispatch.started[0]["stateMachineArn"] == f"{MACHINES}Ops-Restart"


def test_an_ideographic_space_separates_words(dispatch):
    dispatch(form(command="/ops", text="restart　nginx"))
    assert dispatch.started[0]["input"]["text"] == "nginx"


@pytest.mark.parametrize("encoded", [True, False])
@pytest.mark.parametrize("text", ["a+b c", "100%", "再起動 🚀", "x=1&y=2", "'quotes' \"and\" <brackets>"])
def test_text_arrives_unharmed(dispatch, text, encoded):
    dispatch(form(command="/say", text=text), encoded=encoded)
    assert dispatch.started[0]["input"]["text"] == text


def test_header_names_are_case_insensitive(dispatch):
    body = form()
    headers = {name.title(): value for name, value in signed(body).items()}
    assert dispatch(body, headers)["statusCode"] == 200


def test_the_same_request_twenty_times_at_once_starts_one_execution(dispatch):
    """Each delivery in a process of its own, as far as its connections and its memory go."""
    body = form()
    with ThreadPoolExecutor(20) as pool:
        functions = [Dispatch(dispatch.aws) for _ in range(20)]
        answers = list(pool.map(lambda function: function(body), functions))
    assert {answer["body"] for answer in answers} == {answers[0]["body"]}
    assert len(dispatch.aws.executions) == 1


def test_the_same_body_signed_again_later_starts_nothing(dispatch):
    body = form()
    dispatch(body)
    dispatch.aws.closed.update(dispatch.aws.executions)
    message = dispatch.message(body)
    assert message["response_type"] == "ephemeral"
    assert "already received" in message["text"]
    assert hashlib.sha256(body).hexdigest()[:10] in message["text"]
    assert len(dispatch.aws.executions) == 1


def test_an_execution_that_runs_is_answered_like_the_one_that_started_it(dispatch):
    assert dispatch.message(form()) == dispatch.message(form())


# Refusals


def refused(dispatch: Dispatch, body: bytes, headers: dict[str, str] | None = None, **options: Any) -> int:
    answer = dispatch(body, headers, **options)
    assert not dispatch.started
    return int(answer["statusCode"])


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "OPTIONS", ""])
def test_another_method_is_not_allowed(dispatch, method):
    answer = dispatch(form(), method=method)
    assert answer["statusCode"] == 405
    assert answer["headers"]["allow"] == "POST"


@pytest.mark.parametrize("flipped", ["body", "signature"])
def test_one_flipped_byte_is_refused(dispatch, flipped):
    body = form()
    headers = signed(body)
    if flipped == "body":
        body = body[:-1] + bytes([body[-1] ^ 1])
    else:
        last = headers["x-slack-signature"][-1]
        headers["x-slack-signature"] = headers["x-slack-signature"][:-1] + ("0" if last != "0" else "1")
    assert refused(dispatch, body, headers) == 401


@pytest.mark.parametrize("timestamp", ["1", "99999999999", "soon", ""])
def test_a_stale_future_or_senseless_timestamp_is_refused(dispatch, timestamp):
    body = form()
    assert refused(dispatch, body, signed(body, timestamp=timestamp)) == 401


@pytest.mark.parametrize("missing", ["x-slack-signature", "x-slack-request-timestamp"])
def test_a_missing_header_is_refused(dispatch, missing):
    headers = signed(form())
    del headers[missing]
    assert refused(dispatch, form(), headers) == 401


@pytest.mark.parametrize("secret", ["", "changeme", "x" * 32, "<signing-secret>"])
def test_a_placeholder_in_the_parameter_verifies_nothing(dispatch_environment, secret, capsys):
    dispatch_environment.secret = secret
    body = form()
    assert refused(Dispatch(dispatch_environment), body, signed(body, secret=secret)) == 401
    assert log_lines(capsys)[-1]["outcome"] == "secret_unusable"


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"team_id": "T0OTHER"}, "another_team"),
        ({"api_app_id": "A0OTHER"}, "another_app"),
        ({"response_url": RESPONSE_URL.replace(TEAM, "T0OTHER")}, "response_url_of_another_team"),
        ({"response_url": RESPONSE_URL.replace(TEAM, "E0OTHER")}, "response_url_of_another_team"),
        ({"response_url": RESPONSE_URL.replace("hooks.slack.com", "example.com")}, "response_url_of_another_host"),
        ({"response_url": RESPONSE_URL.replace("https", "http")}, "response_url_malformed"),
    ],
)
def test_what_is_for_somebody_else_is_forbidden(dispatch, capsys, fields, outcome):
    assert refused(dispatch, form(**fields)) == 403
    assert log_lines(capsys)[-1]["outcome"] == outcome


def test_an_organisations_response_url_is_accepted_with_its_id(dispatch):
    url = RESPONSE_URL.replace(TEAM, "E0ORG")
    assert "Running" in dispatch.message(form(response_url=url, enterprise_id="E0ORG"))["text"]


@pytest.mark.parametrize("body", [b"", b"nonsense", form(command=None), form(user_id="<@U1>"), form(text="a\0b")])
def test_a_signed_body_that_is_no_command_is_a_bad_request(dispatch, body):
    assert refused(dispatch, body) == 400


def test_a_body_that_is_not_the_base64_it_is_said_to_be_is_a_bad_request(dispatch):
    broken = {**event(form()), "isBase64Encoded": True, "body": "%%%"}
    assert dispatch.module.handler(broken, Context())["statusCode"] == 400


def test_an_unsigned_ssl_check_is_answered(dispatch):
    answer = dispatch(b"ssl_check=1&token=abc", {})
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert refused(dispatch, form() + b"&ssl_check=1", {}) == 200


# What the user is told


def test_help_lists_what_this_user_may_run_here(dispatch):
    message = dispatch.message(form(text="help", channel_id="C0999"))
    assert message["response_type"] == "ephemeral"
    assert message["text"] == (
        "*What you can run here*\n"
        "• `/ps`  top processes\n"
        "• `/say &lt;text&gt;`  says &lt;something&gt;\n"
        "3 more are for other people or channels."
    )
    assert not dispatch.started


def test_help_for_a_group_says_who_may_run_the_rest_of_it(dispatch):
    for text in ("", "help", "HELP"):
        lines = dispatch.message(form(command="/ops", text=text))["text"].splitlines()
        assert lines[1] == "• `/ops restart SERVICE`  restarts a service"
        assert "`/ops wipe` is for <@U0BOSS>." in lines


def test_help_as_the_first_of_several_words_is_text(dispatch):
    dispatch(form(command="/say", text="help me"))
    assert dispatch.started[0]["input"]["text"] == "help me"


@pytest.mark.parametrize(
    ("command", "text", "shown"),
    [
        ("/nope", "secret words", "Unknown command `/nope`."),
        ("/ops", "destroy <!channel> `x`", "Unknown command `/ops destroy &lt;!channel&gt; ˋxˋ`."),
    ],
)
def test_an_unknown_command_is_answered_with_what_there_is(dispatch, command, text, shown):
    message = dispatch.message(form(command=command, text=text))
    assert message["response_type"] == "ephemeral"
    assert message["text"].startswith(shown)
    assert "`/ps`" in message["text"]
    assert not dispatch.started


@pytest.mark.parametrize(
    ("fields", "who"),
    [
        ({"command": "/ops", "text": "restart x", "channel_id": "C0999"}, "everybody in <#C0123OPS>, <#C0456ADM>"),
        ({"command": "/ops", "text": "wipe"}, "<@U0BOSS>"),
        ({"command": "/odd"}, "nobody: this endpoint does not know the rule `full_moon`"),
    ],
)
def test_who_is_not_allowed_learns_who_is(dispatch, fields, who):
    message = dispatch.message(form(**fields))
    assert message["response_type"] == "ephemeral"
    assert message["text"].endswith(f"was not run. It is for {who}.")
    assert not dispatch.started


@pytest.mark.parametrize(
    "fields",
    [{"text": "restart x", "channel_id": "C0456ADM"}, {"text": "wipe", "user_id": "U0BOSS", "channel_id": "C0999"}],
)
def test_who_is_allowed_may(dispatch, fields):
    assert "Running" in dispatch.message(form(command="/ops", **fields))["text"]


def test_text_for_a_command_without_any_is_answered_with_its_usage(dispatch):
    message = dispatch.message(form(text="aux"))
    assert message["text"] == "`/ps` takes nothing after it. Usage:\n• `/ps`  top processes"
    assert not dispatch.started


def test_a_text_beyond_what_an_execution_takes_is_refused(dispatch):
    assert "too long" in dispatch.message(form(command="/say", text="x" * 150_000))["text"]
    assert not dispatch.started


# AWS in trouble


@pytest.mark.parametrize("failure", [(500, "InternalServerError"), (400, "ThrottlingException"), "drop"])
def test_a_passing_failure_is_tried_again(dispatch, failure):
    dispatch.aws.failures = [failure, failure]
    assert "Running" in dispatch.message(form())["text"]
    assert len(dispatch.aws.executions) == 1


def test_an_execution_that_an_unanswered_call_started_is_no_earlier_one(dispatch):
    """The call started it and its answer was lost; it is over when the call is made again."""
    dispatch.aws.failures = ["drop", (400, "ExecutionAlreadyExists")]
    assert "Running" in dispatch.message(form())["text"]


@pytest.mark.parametrize("code", ["AccessDeniedException", "StateMachineDoesNotExist"])
def test_a_refusal_of_aws_is_said_once_with_its_code_and_an_id(dispatch, code, capsys):
    dispatch.aws.failures = [(400, code)]
    message = dispatch.message(form())
    assert message["response_type"] == "ephemeral"
    assert message["text"].startswith(f"`/ps` could not be started: {code} (id `")
    assert len(dispatch.aws.called("StartExecution")) == 1
    assert log_lines(capsys)[-1]["detail"] == f"StartExecution: {code} (HTTP 400)"


@pytest.mark.parametrize(
    ("failure", "words"), [((503, "ServiceUnavailable"), "Try again in a moment"), ("drop", "try again")]
)
def test_what_lasts_beyond_the_time_is_said(dispatch, failure, words):
    dispatch.aws.failures = [failure] * 100
    answer = dispatch(form(), context=Context(remaining=500))
    assert answer["statusCode"] == 200
    message = json.loads(answer["body"])
    assert message["response_type"] == "ephemeral"
    assert "could not be started" in message["text"]
    assert words in message["text"]


def test_a_secret_that_cannot_be_read_at_first_is_read_with_the_request(dispatch_environment, capsys):
    dispatch_environment.secret = None
    dispatch = Dispatch(dispatch_environment)
    (line,) = log_lines(capsys)
    assert (line["event"], line["detail"]) == ("start_up_failed", "GetParameter: ParameterNotFound (HTTP 400)")
    assert "Internal error" in dispatch.message(form())["text"]
    dispatch_environment.secret = SECRET
    assert "Running" in dispatch.message(form())["text"]


def test_the_secret_is_read_while_the_function_starts_and_then_kept(dispatch):
    assert dispatch.aws.called("GetParameter") == [{"Name": "/ops/slack-signing-secret", "WithDecryption": True}]
    dispatch(form())
    dispatch(form(text="help"))
    assert len(dispatch.aws.called("GetParameter")) == 1


def test_a_rotated_secret_takes_effect_without_a_deploy(dispatch, monkeypatch):
    new = "fedcba9876543210fedcba9876543210"
    dispatch.aws.secret = new
    body = form()
    secret = dispatch.module._the_dispatcher()._signing_secret
    assert dispatch(body, signed(body, secret=new))["statusCode"] == 401  # read less than a minute ago
    now = secret._clock()
    monkeypatch.setattr(secret, "_clock", lambda: now + 60)
    assert dispatch(body, signed(body, secret=new))["statusCode"] == 200
    assert dispatch(body, signed(body))["statusCode"] == 200  # what was signed just before


@pytest.mark.parametrize("variable", ["CHATOPS_TEAM_ID", "CHATOPS_APP_ID", "CHATOPS_SIGNING_SECRET_PARAMETER"])
def test_a_missing_variable_is_named_in_the_log(dispatch_environment, variable, monkeypatch, capsys):
    monkeypatch.delenv(variable)
    assert "Internal error" in Dispatch(dispatch_environment).message(form())["text"]
    assert all(variable in line["detail"] for line in log_lines(capsys))


def test_a_missing_table_is_named_in_the_log(dispatch_environment, tmp_path, capsys):
    (tmp_path / "chatops_commands.json").unlink()
    assert "Internal error" in Dispatch(dispatch_environment).message(form())["text"]
    assert all("chatops_commands.json" in line["detail"] for line in log_lines(capsys))


@pytest.mark.parametrize(
    "strange",
    [
        None,
        [],
        {},
        "text",
        3,
        {"body": 3},
        {"headers": {"a": 1}, "requestContext": {"http": {"method": "POST"}}, "body": {}},
    ],
)
def test_an_event_of_any_shape_is_answered(dispatch, strange):
    assert dispatch.module.handler(strange, Context())["statusCode"] in {200, 400, 401, 405}
    assert not dispatch.started


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(), st.dictionaries(st.text(), st.text()), st.booleans())
def test_no_input_is_a_server_error(dispatch, body, headers, encoded):
    strange = {**event(b"", headers), "body": body, "isBase64Encoded": encoded}
    assert dispatch.module.handler(strange, Context())["statusCode"] in {400, 401}


def test_a_request_is_one_line_that_tells_what_happened(dispatch, capsys):
    body = form()
    dispatch(body)
    (line,) = log_lines(capsys)
    milliseconds = line.pop("milliseconds")
    assert isinstance(milliseconds, int)
    assert line == {
        "level": "INFO",
        "event": "request",
        "outcome": "started",
        "status": 200,
        "request_id": Context.aws_request_id,
        "command": "/ps",
        "execution": hashlib.sha256(body).hexdigest(),
        "team_id": TEAM,
        "channel_id": "C0123OPS",
        "user_id": "U0123TARO",
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
