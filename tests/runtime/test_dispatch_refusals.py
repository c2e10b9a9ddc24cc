"""What the dispatch function refuses, and that no input makes it fail."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.conftest import Dispatch, log_lines
from tests.runtime.slack_requests import RESPONSE_URL, TEAM, Context, event, form, signed


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
