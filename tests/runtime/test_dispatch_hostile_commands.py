"""Requests that Slack signed, with hostile contents: what somebody who may type, or who has the secret, can send.

What holds of every answer is in `tests.fuzz.watched_dispatch`, which raises when it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.hostile import ODD_TEXT, UNTIMED, UTF8_TEXT
from tests.fuzz.watched_dispatch import TYPED, WatchedDispatch, watched_dispatch
from tests.runtime.conftest import TABLE
from tests.runtime.slack_requests import APP, RESPONSE_URL, TEAM, event, form

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS = [
    "/ps",
    "/say",
    "/arguments",
    "/ops",
    "/odd",
    "/nope",
    "/ops restart",
    "/PS",
    "/",
    "ps",
    "//ps",
    "/ps\u200b",
    "/ops wipe",
]


@pytest.fixture(scope="module")
def watched() -> Iterator[WatchedDispatch]:
    with watched_dispatch() as one:
        yield one


@UNTIMED
@given(st.sampled_from(COMMANDS) | UTF8_TEXT, UTF8_TEXT)
def test_whatever_is_typed_is_answered(watched: WatchedDispatch, command: str, text: str) -> None:
    assert watched.ask(event(form(command=command, text=text))).status in {200, 400}


@UNTIMED
@given(UTF8_TEXT)
def test_text_arrives_as_it_was_typed_but_for_blanks_around_it_and_nuls(watched: WatchedDispatch, text: str) -> None:
    answered = watched.ask(event(form(command="/say", text=text)))
    plain = text.replace("\xa0", " ").strip()
    if "\0" in text:
        assert answered.status == 400
    elif plain.lower() == "help":
        assert answered.outcome == "help"
    else:
        assert [execution["input"]["text"] for execution in answered.started] == [plain]


FIELDS = {
    "team_id": TEAM,
    "api_app_id": APP,
    "channel_id": "C0123OPS",
    "user_id": "U0123TARO",
    "response_url": RESPONSE_URL,
    "enterprise_id": "E0123",
    "user_name": "taro",
    "channel_name": "ops",
}
OTHERS = {
    "team_id": ["T0OTHER", "E0123"],
    "api_app_id": ["A0OTHER"],
    "channel_id": ["C0999", "D0123", "C0456ADM"],
    "user_id": ["U0BOSS", "W0123"],
    "enterprise_id": ["E0OTHER", TEAM],
    "response_url": [
        RESPONSE_URL.replace(TEAM, "T0OTHER"),
        RESPONSE_URL.replace(TEAM, "E0123"),
        RESPONSE_URL.replace("slack.com", "slack-gov.com"),
        RESPONSE_URL.replace("slack.com", "slack.com.example.com"),
        RESPONSE_URL.replace("https://", "https://example.com@"),
        RESPONSE_URL.replace("https://hooks.slack.com", "http://169.254.169.254"),
    ],
}


def altered(name: str) -> st.SearchStrategy[str | None]:
    """Another good value, or something of the genuine one, around it or instead of it."""
    genuine = FIELDS[name]
    cut = st.integers(0, len(genuine)).map(lambda length: genuine[:length])
    mixed = st.builds(lambda before, after: f"{before}{genuine}{after}", UTF8_TEXT, UTF8_TEXT)
    others = st.sampled_from([*OTHERS.get(name, []), genuine.lower()]) | cut | mixed | UTF8_TEXT | st.none()
    return others.filter(lambda other: other != genuine)


def some_altered(names: list[str]) -> st.SearchStrategy[dict[str, str | None]]:
    return st.fixed_dictionaries({name: altered(name) for name in names})


@UNTIMED
@given(
    st.lists(st.sampled_from(sorted(FIELDS)), unique=True, max_size=2).flatmap(some_altered),
    st.sampled_from([("/ps", ""), ("/say", TYPED), ("/ops", "restart web"), ("/ops", "wipe"), ("/ps", TYPED)]),
)
def test_fields_of_any_content_are_answered(
    watched: WatchedDispatch, fields: dict[str, str | None], typed: tuple[str, str]
) -> None:
    command, text = typed
    answered = watched.ask(event(form(**fields, command=command, text=text)))
    assert answered.status in {200, 400, 403}
    if answered.outcome == "started":
        assert fields.keys().isdisjoint({"team_id", "api_app_id"})


@UNTIMED
@given(
    st.lists(st.tuples(st.sampled_from([*FIELDS, "command", "text", "ssl_check"]) | UTF8_TEXT, UTF8_TEXT), max_size=4)
)
def test_a_field_that_comes_again_does_not_replace_the_first(
    watched: WatchedDispatch, more: list[tuple[str, str]]
) -> None:
    answered = watched.ask(event(form(command="/say", text="hello") + b"&" + urlencode(more).encode()))
    assert answered.outcome == "ssl_check" or answered.status in {200, 400}
    assert [execution["input"]["text"] for execution in answered.started] in ([], ["hello"])


@UNTIMED
@given(st.binary(max_size=60) | ODD_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")), st.booleans())
def test_bytes_that_are_no_text_are_no_command(watched: WatchedDispatch, typed: bytes, escaped: bool) -> None:
    value = quote_from_bytes(typed).encode() if escaped else typed.replace(b"%", b"%25").replace(b"&", b"%26")
    answered = watched.ask(event(form(command="/say", text=None) + b"&text=" + value, encoded=True))
    try:
        typed.decode()
    except UnicodeDecodeError:
        assert answered.status == 400


@pytest.mark.parametrize("command", [*TABLE, "/ops", "/nope"])
@pytest.mark.parametrize("first", ["", "x ", "restart ", "help "])
def test_a_long_text_is_answered_shortly(watched: WatchedDispatch, command: str, first: str) -> None:
    for size in (100, 1_000, 30_000):
        assert watched.ask(event(form(command=command, text=first + "<&>" * size))).status in {200, 400}


def test_of_a_long_unknown_command_the_beginning_is_shown(watched: WatchedDispatch) -> None:
    message = watched.ask(event(form(command="/ops", text="x" * 50_000))).message
    assert message is not None
    assert f"Unknown command `/ops {'x' * 95}…`." in message["text"]


@pytest.mark.parametrize("size", [10_000, 99_000, 300_000])
def test_fields_that_nobody_expected_are_no_more_than_ignored_or_too_many(watched: WatchedDispatch, size: int) -> None:
    assert watched.ask(event(form(command="/say", text="hello", unknown="x" * size))).outcome == "started"
    assert watched.ask(event(form(command="/say", text="hello") + b"&a=" * size)).status == 400


@pytest.mark.parametrize("field", ["user_name", "channel_name", "response_url"])
def test_a_huge_field_makes_the_input_too_large_and_starts_nothing(watched: WatchedDispatch, field: str) -> None:
    value = f"{RESPONSE_URL}{'x' * 300_000}" if field == "response_url" else "雪" * 100_000
    answered = watched.ask(event(form(command="/say", **{field: value})))
    assert (answered.outcome, answered.started) == ("text_too_long", [])
