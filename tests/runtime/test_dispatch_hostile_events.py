"""Events that no front end of Lambda's makes, and requests that Slack did not: each is refused, and starts nothing.

What holds of every answer is in `tests.fuzz.watched_dispatch`, which raises when it does not.
"""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.hostile import ANY_JSON, ANY_TEXT, ODD_TEXT, UNTIMED, maybe, partial
from tests.fuzz.watched_dispatch import WatchedDispatch, is_genuine, watched_dispatch
from tests.runtime.slack_requests import event, form, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPED = form(command="/say", text="canaryTyped")
REFUSALS = {400, 401, 405, 413}


@pytest.fixture(scope="module")
def watched() -> Iterator[WatchedDispatch]:
    with watched_dispatch() as one:
        yield one


def names_of_headers(genuine: str) -> st.SearchStrategy[str]:
    return st.sampled_from([genuine, genuine.upper(), genuine.title(), f" {genuine}", f"{genuine}\0"])


def header(name: str, genuine: str) -> st.SearchStrategy[dict[str, Any]]:
    value = maybe(genuine, ODD_TEXT | ANY_JSON | st.just(f"{genuine},{genuine}"))
    return st.dictionaries(names_of_headers(name), value, max_size=2)


def unsigned_headers() -> st.SearchStrategy[dict[str, Any]]:
    now = str(int(time.time()))
    return st.builds(
        lambda *parts: {name: value for part in parts for name, value in part.items()},
        header("x-slack-signature", "v0=" + "0123456789abcdef" * 4),
        header("x-slack-request-timestamp", now),
        st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=2),
    )


EVENTS = partial(
    version=maybe("2.0"),
    headers=maybe(signed(b"another body"), unsigned_headers() | ANY_JSON),
    requestContext=maybe({"http": {"method": "POST"}}, partial(http=partial(method=maybe("POST"))) | ANY_JSON),
    httpMethod=maybe("POST"),
    body=maybe(TYPED.decode(), ODD_TEXT | ANY_JSON),
    isBase64Encoded=maybe(False, ANY_JSON),
)


@UNTIMED
@given(EVENTS | ANY_JSON)
def test_an_event_of_any_shape_is_refused(watched: WatchedDispatch, event: Any) -> None:
    answered = watched.ask(event)
    assert answered.status in REFUSALS or answered.outcome == "ssl_check"


@UNTIMED
@given(unsigned_headers(), ODD_TEXT.map(lambda text: text.encode("utf-8", "replace")) | st.binary(), st.booleans())
def test_an_unsigned_request_of_any_content_is_refused(
    watched: WatchedDispatch, headers: dict[str, Any], body: bytes, encoded: bool
) -> None:
    text = base64.b64encode(body).decode() if encoded else body.decode("utf-8", "replace")
    answered = watched.ask({**event(b"", headers), "body": text, "isBase64Encoded": encoded})
    assert answered.status in REFUSALS or answered.outcome == "ssl_check"


def replaced(value: dict[str, Any], path: tuple[str, ...], new: Any) -> dict[str, Any]:
    first, *rest = path
    return {**value, first: replaced(value[first], tuple(rest), new) if rest else new}


@UNTIMED
@given(
    st.sampled_from(
        [
            ("body",),
            ("isBase64Encoded",),
            ("headers",),
            ("headers", "x-slack-signature"),
            ("headers", "x-slack-request-timestamp"),
            ("requestContext",),
            ("requestContext", "http"),
            ("requestContext", "http", "method"),
        ]
    ),
    ODD_TEXT | ANY_JSON,
)
def test_a_genuine_request_with_one_thing_changed_is_refused(
    watched: WatchedDispatch, path: tuple[str, ...], new: Any
) -> None:
    asked = replaced(event(TYPED), path, new)
    answered = watched.ask(asked)
    assert answered.status in REFUSALS or answered.outcome == "ssl_check" or is_genuine(asked)


@UNTIMED
@given(st.integers(0, len(TYPED) - 1), st.integers(1, 255), st.integers(301, 10**13), st.booleans())
def test_a_changed_byte_an_old_or_an_early_timestamp_is_refused(
    watched: WatchedDispatch, position: int, change: int, age: int, early: bool
) -> None:
    body = TYPED[:position] + bytes([TYPED[position] ^ change]) + TYPED[position + 1 :]
    assert watched.ask(event(body, signed(TYPED), encoded=True)).status == 401
    timestamp = str(int(time.time()) + (age + 1 if early else -age))
    assert watched.ask(event(TYPED, signed(TYPED, timestamp=timestamp))).status == 401


@UNTIMED
@given(st.text("0123456789abcdef", min_size=32, max_size=32))
def test_another_secret_signs_nothing(watched: WatchedDispatch, secret: str) -> None:
    assert watched.ask(event(TYPED, signed(TYPED, secret=secret))).status == 401


@pytest.mark.parametrize("value", ["２", "1e9", "+1", "-1", "0x10", " 1", "1 ", "1\n", "٣", "²", "1" * 5_000, "1_0"])
def test_a_timestamp_is_ascii_digits_whatever_it_was_signed_as(watched: WatchedDispatch, value: str) -> None:
    assert watched.ask(event(TYPED, signed(TYPED, timestamp=value))).status == 401


@pytest.mark.parametrize("encoded", [False, True])
@pytest.mark.parametrize("part", [b"&", b"a=1&", b"%41", b"=", b"\0", b"ssl_check=0&"])
def test_a_body_beyond_a_megabyte_is_not_looked_at(watched: WatchedDispatch, part: bytes, encoded: bool) -> None:
    body = part * (1_000_001 // len(part) + 1)
    assert watched.ask(event(body, encoded=encoded)).status == 413


def test_an_event_that_is_nested_deeply_is_refused(watched: WatchedDispatch) -> None:
    nested: dict[str, Any] = {}
    for _ in range(50_000):
        nested = {"body": nested, "headers": nested, "requestContext": nested}
    assert watched.ask(nested).status == 400


@UNTIMED
@given(ODD_TEXT)
def test_ssl_check_starts_nothing_whatever_comes_with_it(watched: WatchedDispatch, text: str) -> None:
    body = f"{text}&ssl_check=1".encode("utf-8", "replace")
    answered = watched.ask(event(body, {}))
    assert (answered.status, answered.outcome, answered.started) == (200, "ssl_check", [])
