"""The client of the two AWS calls: endpoints, kept-alive connections, errors."""

from collections.abc import Callable

import pytest

from chatops_runtime.dispatch.aws_client import AwsClient, AwsError, AwsUnreachableError
from tests.runtime.aws_double import SECRET_PARAMETER, AwsDouble
from tests.runtime.slack_requests import SECRET

CREDENTIALS = {
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "canary-secret-access-key",
    "AWS_SESSION_TOKEN": "canary-session-token",
}
GET = ("GetParameters", {"Names": [SECRET_PARAMETER], "WithDecryption": True})


@pytest.fixture
def aws():
    with AwsDouble(SECRET) as double:
        yield double


def client(environment: dict[str, str], clock: Callable[[], float] = lambda: 1_800_000_000.0) -> AwsClient:
    return AwsClient(
        service="ssm",
        service_id="SSM",
        target="AmazonSSM",
        json_version="1.1",
        environment={**CREDENTIALS, **environment},
        clock=clock,
    )


def test_calls_the_json_protocol_with_a_signature(aws):
    answer = client({"AWS_ENDPOINT_URL": aws.url}).call(*GET, timeout=2)
    assert answer["Parameters"][0]["Value"] == SECRET
    headers = {name.lower(): value for name, value in aws.headers[0].items()}
    assert headers["x-amz-target"] == "AmazonSSM.GetParameters"
    assert headers["content-type"] == "application/x-amz-json-1.1"
    assert headers["x-amz-security-token"] == "canary-session-token"
    assert headers["authorization"].startswith(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20270115/eu-central-1/ssm/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature="
    )


def test_a_services_own_endpoint_comes_first(aws):
    nowhere = "http://127.0.0.1:1"
    assert client({"AWS_ENDPOINT_URL": nowhere, "AWS_ENDPOINT_URL_SSM": aws.url}).call(*GET, timeout=2)


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-central-1", "ssm.eu-central-1.amazonaws.com"),
        ("us-gov-west-1", "ssm.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", "ssm.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_default_endpoint_is_the_regions_over_https(region, host, monkeypatch):
    asked = []

    class Refusing:
        is_open = False

        def __init__(self, host, port, *, tls):
            asked.append((host, port, tls))

        def post(self, headers, body, timeout):
            assert headers["host"] == host
            raise OSError

        def close(self):
            pass

    monkeypatch.setattr("chatops_runtime.dispatch.aws_client.HttpConnection", Refusing)
    with pytest.raises(AwsUnreachableError, match="no answer"):
        client({"AWS_REGION": region}).call(*GET, timeout=1.5)
    assert asked == [(host, 443, True)]


def test_the_connection_is_kept(aws):
    calling = client({"AWS_ENDPOINT_URL": aws.url})
    calling.call(*GET, timeout=2)
    calling.call(*GET, timeout=2)
    assert aws.connections == 1


def test_a_connection_that_was_closed_meanwhile_is_opened_again(aws):
    calling = client({"AWS_ENDPOINT_URL": aws.url})
    calling.call(*GET, timeout=2)
    aws.failures = ["drop"]
    assert calling.call(*GET, timeout=2)
    assert len(aws.calls) == 3


def test_a_connection_that_was_idle_for_long_is_not_used_again(aws):
    now = [1_800_000_000.0]
    calling = client({"AWS_ENDPOINT_URL": aws.url}, clock=lambda: now[0])
    calling.call(*GET, timeout=2)
    now[0] += 61
    calling.call(*GET, timeout=2)
    assert aws.connections == 2


def test_a_new_connection_that_is_dropped_is_no_answer(aws):
    aws.failures = ["drop"]
    with pytest.raises(AwsUnreachableError, match=r"^GetParameters: no answer \(ConnectionEndedError\)$"):
        client({"AWS_ENDPOINT_URL": aws.url}).call(*GET, timeout=2)


def test_nobody_there_is_no_answer():
    with pytest.raises(AwsUnreachableError, match=r"no answer \(ConnectionRefusedError\)"):
        client({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}).call(*GET, timeout=2)


@pytest.mark.parametrize(
    ("status", "code", "transient"),
    [
        (400, "ValidationException", False),
        (400, "AccessDeniedException", False),
        (400, "ThrottlingException", True),
        (429, "TooManyRequestsException", True),
        (500, "InternalServerError", True),
        (503, "ServiceUnavailable", True),
    ],
)
def test_an_error_has_awss_code_and_not_its_message(aws, status, code, transient):
    aws.failures = [(status, code)]
    with pytest.raises(AwsError) as caught:
        client({"AWS_ENDPOINT_URL": aws.url}).call(*GET, timeout=2)
    assert (caught.value.code, caught.value.status, caught.value.is_transient) == (code, status, transient)
    assert str(caught.value) == f"GetParameters: {code} (HTTP {status})"


@pytest.mark.parametrize("result", [{"__type": "<script>"}, {"__type": 3}, {}, ["list"]])
def test_an_error_without_a_proper_code_is_unknown(aws, result):
    aws.failures = [(400, result)]
    with pytest.raises(AwsError) as caught:
        client({"AWS_ENDPOINT_URL": aws.url}).call(*GET, timeout=2)
    assert caught.value.code == "UnknownError"


HOUR_AHEAD = "Fri, 15 Jan 2027 09:00:00 GMT"  # of the clock of these tests


def signed_at(headers: dict[str, str]) -> str:
    return next(value for name, value in headers.items() if name.lower() == "x-amz-date")


@pytest.mark.parametrize("code", ["InvalidSignatureException", "RequestExpired", "SignatureDoesNotMatch"])
def test_a_clock_that_is_wrong_is_put_right_once_and_for_all(aws, code):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html"""
    aws.date = HOUR_AHEAD
    aws.failures = [(403, code)]
    calling = client({"AWS_ENDPOINT_URL": aws.url})
    assert calling.call(*GET, timeout=2)
    assert calling.call(*GET, timeout=2)
    assert list(map(signed_at, aws.headers)) == ["20270115T080000Z", "20270115T090000Z", "20270115T090000Z"]


def test_a_clock_is_put_right_once_for_a_call(aws):
    aws.date = HOUR_AHEAD
    aws.failures = [(403, "RequestExpired")] * 3
    with pytest.raises(AwsError, match="RequestExpired"):
        client({"AWS_ENDPOINT_URL": aws.url}).call(*GET, timeout=2)
    assert len(aws.calls) == 2


@pytest.mark.parametrize("date", ["Fri, 15 Jan 2027 08:00:30 GMT", "yesterday", "Fri, 15 Jan 2027 09:00:00 JST", ""])
def test_a_signature_that_is_wrong_by_a_clock_that_is_right_is_refused(aws, date):
    aws.date = date
    aws.failures = [(403, "SignatureDoesNotMatch")]
    with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
        client({"AWS_ENDPOINT_URL": aws.url}).call(*GET, timeout=2)
    assert len(aws.calls) == 1


def test_another_refusal_says_nothing_of_the_clock(aws):
    aws.date = HOUR_AHEAD
    aws.failures = [(400, "AccessDeniedException")]
    with pytest.raises(AwsError, match="AccessDenied"):
        client({"AWS_ENDPOINT_URL": aws.url}).call(*GET, timeout=2)
    assert len(aws.calls) == 1


@pytest.mark.parametrize("make", [AwsClient.systems_manager, AwsClient.step_functions])
def test_both_services_have_a_client(make, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert isinstance(make(), AwsClient)
