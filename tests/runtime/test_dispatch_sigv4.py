"""Our signer against botocore's."""

import json
from datetime import datetime, timezone
from unittest.mock import patch

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.dispatch.sigv4 import Credentials, signed_headers

# Whatever may stand in a header, blanks at the ends and in rows among it.
VALUE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=60)
KEY = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=16, max_size=20)
SECRET = st.text("abcXYZ019/+=", min_size=1, max_size=50)
TOKEN = st.none() | st.text("abcXYZ019/+=", min_size=1, max_size=400)
HEADER = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=30)


@given(
    key=KEY,
    secret=SECRET,
    token=TOKEN,
    body=st.binary(max_size=300),
    target=HEADER,
    host=st.sampled_from(["states.eu-central-1.amazonaws.com", "ssm.cn-north-1.amazonaws.com.cn", "127.0.0.1:4566"]),
    service=st.sampled_from(["states", "ssm"]),
    region=st.sampled_from(["eu-central-1", "us-gov-west-1", "cn-north-1"]),
    now=st.integers(0, 4_000_000_000),
)
def test_signs_as_botocore_does(key, secret, token, body, target, host, service, region, now):
    headers = {"content-type": "application/x-amz-json-1.0", "host": host, "x-amz-target": target}
    request = AWSRequest("POST", f"https://{host}/", headers=headers, data=body)
    with patch("botocore.auth.get_current_datetime", return_value=datetime.fromtimestamp(now, timezone.utc)):
        SigV4Auth(BotocoreCredentials(key, secret, token), service, region).add_auth(request)
    theirs = {name.lower(): value for name, value in request.headers.items()}

    ours = signed_headers(
        headers, body, service=service, region=region, credentials=Credentials(key, secret, token), now=now
    )

    assert ours == theirs


def theirs_and_ours(
    *, token: str | None, body: bytes, now: float, **headers: str
) -> tuple[dict[str, str], dict[str, str]]:
    host = "states.eu-central-1.amazonaws.com"
    headers = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    request = AWSRequest("POST", f"https://{host}/", headers=headers, data=body)
    at = datetime.fromtimestamp(int(now), timezone.utc)  # it would round to microseconds, perhaps up
    with patch("botocore.auth.get_current_datetime", return_value=at):
        SigV4Auth(BotocoreCredentials("AKIDEXAMPLE", "secret", token), "states", "eu-central-1").add_auth(request)
    credentials = Credentials("AKIDEXAMPLE", "secret", token)
    ours = signed_headers(headers, body, service="states", region="eu-central-1", credentials=credentials, now=now)
    return {name.lower(): value for name, value in request.headers.items()}, ours


@given(token=VALUE.filter(str.strip), target=VALUE, other=VALUE)
def test_signs_special_characters_and_blanks_as_botocore_does(token, target, other):
    theirs, ours = theirs_and_ours(token=token, body=b"{}", now=1_800_000_000, x_amz_target=target, x_other=other)
    assert ours == theirs


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        json.dumps({"text": "日本語 & <b> \u2028 '\"\\"}).encode(),
        "☃".encode() * 80_000,
        bytes(range(256)) * 1024,
    ],
    ids=["empty", "NUL", "special", "262 KB of the longest input and more", "binary"],
)
@pytest.mark.parametrize("token", [None, "IQoJb3JpZ2luX2VjE/+==", "x" * 4_096])
def test_signs_bodies_of_any_size_as_botocore_does(body, token):
    theirs, ours = theirs_and_ours(
        token=token, body=body, now=1_800_000_000.9, content_type="application/x-amz-json-1.0"
    )
    assert ours == theirs


@given(now=st.floats(0, 4_000_000_000), skew=st.floats(-100_000, 100_000))
def test_signs_with_whatever_time_it_is_given(now, skew):
    """A clock that is put right is another time, past midnight included: the key changes with the day."""
    theirs, ours = theirs_and_ours(token="token", body=b"{}", now=max(0.0, now + skew))
    assert ours == theirs


def test_credentials_come_from_the_environment():
    credentials = Credentials.from_environment(
        {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": ""}
    )
    assert (credentials.access_key_id, credentials.secret_access_key) == ("AKIA", "secret")
    assert credentials.session_token is None


def test_credentials_are_not_in_a_repr():
    assert "secret" not in repr(Credentials("AKIA", "secret", "token"))
