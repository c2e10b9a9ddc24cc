"""Slack's v0 signature: https://docs.slack.dev/authentication/verifying-requests-from-slack."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import Clock, SignatureVerifier

from chatops_runtime.slack import signature

# Slack's documented example.
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TIMESTAMP = "1531420618"
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
HEADERS = {"x-slack-signature": SIGNATURE, "x-slack-request-timestamp": TIMESTAMP}


def refusal(
    headers: dict[str, str] = HEADERS,
    body: bytes = BODY,
    secrets: tuple[str, ...] = (SECRET,),
    now: float = float(TIMESTAMP),
) -> str | None:
    return signature.refusal(headers, body, secrets, clock=lambda: now)


def test_the_documented_request_verifies():
    assert refusal() is None


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_are_tolerated_both_ways(seconds):
    assert refusal(now=float(TIMESTAMP) + seconds) is None


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_older_and_future_timestamps_are_refused(seconds):
    assert refusal(now=float(TIMESTAMP) + seconds) == signature.TIMESTAMP_OUT_OF_RANGE


@pytest.mark.parametrize(
    "timestamp",
    ["now", "1531420618.5", "-1531420618", "+1531420618", " 1531420618", "1e9", "²", "١", "9" * 5000, "1,2"],
)
def test_a_timestamp_that_is_no_number_is_refused(timestamp):
    assert refusal({**HEADERS, "x-slack-request-timestamp": timestamp}) == signature.TIMESTAMP_NOT_A_NUMBER


@pytest.mark.parametrize(
    ("header", "name"),
    [("x-slack-signature", signature.SIGNATURE_MISSING), ("x-slack-request-timestamp", signature.TIMESTAMP_MISSING)],
)
def test_a_missing_or_empty_header_is_refused(header, name):
    assert refusal({**HEADERS, header: ""}) == name
    assert refusal({key: value for key, value in HEADERS.items() if key != header}) == name


@pytest.mark.parametrize(
    "given_signature", ["v0=", "v1=" + SIGNATURE[3:], SIGNATURE.upper(), SIGNATURE + "0", "é", "\ud800"]
)
def test_another_signature_is_refused(given_signature):
    assert refusal({**HEADERS, "x-slack-signature": given_signature}) == signature.SIGNATURE_WRONG


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_one_changed_byte_of_the_body_is_refused(position, change):
    body = bytearray(BODY)
    body[position] ^= change
    assert refusal(body=bytes(body)) == signature.SIGNATURE_WRONG


@given(st.integers(0, len(SIGNATURE) - 1), st.integers(1, 127))
def test_one_changed_character_of_the_signature_is_refused(position, change):
    changed = SIGNATURE[:position] + chr(ord(SIGNATURE[position]) ^ change) + SIGNATURE[position + 1 :]
    assert refusal({**HEADERS, "x-slack-signature": changed}) == signature.SIGNATURE_WRONG


def test_any_of_several_secrets_may_have_signed():
    other = "ffeeddccbbaa99887766554433221100"
    assert refusal(secrets=(other, SECRET)) is None
    assert refusal(secrets=(SECRET, other)) is None
    assert refusal(secrets=(other,)) == signature.SIGNATURE_WRONG


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "   \n",
        "changeme",
        "CHANGE-ME-CHANGE-ME-CHANGE-ME",
        "change_this_in_production",
        "placeholder-signing-secret",
        "todo-set-the-signing-secret",
        "dummy-secret-0123456789",
        "<your signing secret here>",
        "<signing-secret-of-the-app>",
        "${SLACK_SIGNING_SECRET}",
        "{{resolve:ssm-secure:/a/b}}",
        "your-signing-secret-0123",
        "x" * 32,
        "0" * 32,
        "abababababababababababababababab",
        "0123456789abcde",
        "signing secret 0123456789",
        "０１２３４５６７８９０１２３４５６７８９",
    ],
)
def test_what_is_clearly_no_secret_verifies_nothing(secret):
    headers = {"x-slack-signature": signature.sign(secret, TIMESTAMP, BODY), "x-slack-request-timestamp": TIMESTAMP}
    assert refusal(headers, secrets=(secret,)) == signature.SECRET_UNUSABLE


@pytest.mark.parametrize("secret", [SECRET, "0123456789abcdef0123456789abcdef", "kX9_-mQ2vT7zR4wL8pN3"])
def test_what_may_be_a_secret_is_usable(secret):
    assert signature.is_usable(secret)


@given(st.text("0123456789abcdef", min_size=32, max_size=32).filter(lambda text: len(set(text)) >= 6))
def test_slacks_own_shape_is_usable(secret):
    assert signature.is_usable(secret)


def test_blanks_around_a_stored_secret_do_no_harm():
    assert refusal(secrets=(f"{SECRET}\n",)) is None


def test_no_secret_at_all_verifies_nothing():
    assert refusal(secrets=()) == signature.SECRET_UNUSABLE


class _Clock(Clock):
    def now(self) -> float:
        return float(TIMESTAMP)


# slack_sdk takes bodies of valid UTF-8 only.
@given(st.text(st.characters(exclude_categories=["Cs"])).map(str.encode), st.integers(-400, 400), st.booleans())
def test_agrees_with_slack_sdk(body, age, genuine):
    timestamp = str(int(TIMESTAMP) + age)
    verifier = SignatureVerifier(SECRET, _Clock())
    theirs = verifier.generate_signature(timestamp=timestamp, body=body) if genuine else SIGNATURE
    assert theirs is not None
    headers = {"x-slack-signature": theirs, "x-slack-request-timestamp": timestamp}
    assert (refusal(headers, body) is None) == verifier.is_valid(body=body, timestamp=timestamp, signature=theirs)
