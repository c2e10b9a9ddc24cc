"""Bodies of the Events API of every shape, signed: each is answered, and starts at most what is for it.

What holds of every answer is in `tests.fuzz.watched_dispatch`, which raises when it does not.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.hostile import ANY_JSON, ODD_TEXT, UNTIMED, maybe, partial
from tests.fuzz.watched_dispatch import WatchedDispatch, watched_dispatch
from tests.runtime.slack_clicks import interaction, payload
from tests.runtime.slack_events import BOT_USER, EVENT_ID, TS, callback, message
from tests.runtime.slack_requests import APP, TEAM, event

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERS = {200, 400, 403, 413}


@pytest.fixture(scope="module")
def watched() -> Iterator[WatchedDispatch]:
    with watched_dispatch() as one:
        yield one


def sent(content: Any) -> bytes:
    return json.dumps(content).encode()


IDS = st.sampled_from(["U0123TARO", "U0BOSS", BOT_USER, "USLACKBOT", "C0123OPS", "D0123", "", "<!channel>"]) | ANY_JSON
INNER = partial(
    type=st.sampled_from(["app_mention", "message", "reaction_added", "team_join", "pin_added", "x"]) | ANY_JSON,
    subtype=maybe("message_changed"),
    channel_type=st.sampled_from(["channel", "group", "im", "mpim"]) | ANY_JSON,
    user=IDS | partial(id=IDS),
    channel=IDS | partial(id=IDS),
    item=partial(channel=IDS, ts=maybe(TS)) | ANY_JSON,
    message=partial(user=IDS, bot_id=maybe("B0"), ts=maybe(TS)) | ANY_JSON,
    bot_id=maybe("B0"),
    bot_profile=partial(app_id=maybe(APP)) | ANY_JSON,
    app_id=maybe(APP),
    team=maybe(TEAM),
    text=ODD_TEXT | ANY_JSON,
    ts=maybe(TS),
    thread_ts=maybe(TS, ODD_TEXT),
)
CALLBACKS = partial(
    type=maybe("event_callback"),
    team_id=maybe(TEAM),
    context_team_id=maybe(TEAM),
    api_app_id=maybe(APP),
    event_id=maybe(EVENT_ID, ODD_TEXT),
    event_time=maybe(1),
    event=INNER | ANY_JSON,
    authorizations=maybe([{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}]),
    enterprise_id=maybe(None),
    challenge=ANY_JSON,
)


@UNTIMED
@given(CALLBACKS)
def test_a_callback_of_any_shape_is_answered(watched: WatchedDispatch, content: dict[str, Any]) -> None:
    assert watched.ask(event(sent(content))).status in ANSWERS


@UNTIMED
@given(INNER)
def test_an_event_of_any_shape_is_answered(watched: WatchedDispatch, inner: dict[str, Any]) -> None:
    assert watched.ask(event(sent(callback(inner)))).status in ANSWERS


@UNTIMED
@given(INNER, st.sampled_from(["bot_id", "bot_profile"]), st.sampled_from(["channel", "group", "im"]))
def test_no_message_of_a_bot_starts_anything(
    watched: WatchedDispatch, inner: dict[str, Any], mark: str, channel_type: str
) -> None:
    content = callback({**inner, "type": "message", "channel_type": channel_type, mark: {"id": "B0"}})
    assert watched.ask(event(sent(content))).started == []


@UNTIMED
@given(INNER)
def test_nothing_that_the_app_did_starts_anything(watched: WatchedDispatch, inner: dict[str, Any]) -> None:
    assert watched.ask(event(sent(callback({**inner, "user": BOT_USER})))).started == []


@UNTIMED
@given(st.binary(max_size=60), st.integers(0, 400))
def test_broken_json_is_answered(watched: WatchedDispatch, put: bytes, position: int) -> None:
    whole = sent(callback(message()))
    assert watched.ask(event(whole[:position] + put + whole[position:], encoded=True)).status in ANSWERS | {401}


@pytest.mark.parametrize("opening", [b'{"a":', b'{"a":['])
def test_what_is_nested_deeply_is_refused(watched: WatchedDispatch, opening: bytes) -> None:
    for depth in (65, 900, 100_000):
        assert watched.ask(event(opening * depth, encoded=True)).status == 400


OWN = partial(
    type=st.sampled_from(["block_actions", "shortcut", "message_action", "view_submission"]) | ANY_JSON,
    callback_id=st.sampled_from(["page", "ticket", "form", "boss"]) | ODD_TEXT | ANY_JSON,
    view=partial(callback_id=maybe("form", ODD_TEXT), state=ANY_JSON) | ANY_JSON,
    actions=st.lists(partial(action_id=maybe("deploy_now", ODD_TEXT), value=ODD_TEXT | ANY_JSON), max_size=2)
    | ANY_JSON,
    user=partial(id=maybe("U0123TARO"), team_id=maybe(TEAM)) | ANY_JSON,
    container=maybe({"type": "view"}),
    channel=maybe(None),
    message=ANY_JSON,
)


@UNTIMED
@given(OWN)
def test_an_interaction_of_any_shape_is_answered(watched: WatchedDispatch, fields: dict[str, Any]) -> None:
    assert watched.ask(event(interaction(payload("deploy_now", **fields)))).status in ANSWERS
