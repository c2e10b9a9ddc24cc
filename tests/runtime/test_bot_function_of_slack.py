"""What functions receive of events and interactions, as their state machines hand them over."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from chatops_runtime import Reply, SlackEvent, SlackInteraction, user_function
from chatops_runtime.bot_function import handler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Call = Callable[[str, dict[str, Any]], dict[str, Any] | None]

EVENT: dict[str, Any] = {
    "version": 1,
    "kind": "event",
    "event_type": "app_mention",
    "event": {"type": "app_mention", "client_msg_id": "1"},
    "event_id": "Ev0123",
    "event_time": 1767603600,
    "team_id": "T0",
    "user_id": "U0",
    "channel_id": "C0",
    "text": "<@U0APP> status web",
    "ts": "1.2",
    "thread_ts": "1.1",
    "request_id": "Ev0123",
}
INTERACTION: dict[str, Any] = {
    "version": 1,
    "kind": "interaction",
    "type": "view_submission",
    "id": "form",
    "value": "",
    "user_id": "U0",
    "channel_id": "",
    "team_id": "T0",
    "payload": {"view": {"state": {"values": {"b": {"title": {"type": "plain_text_input", "value": "broken"}}}}}},
    "request_id": "0a",
}


@pytest.fixture
def call(tmp_path, monkeypatch) -> Iterator[Call]:
    """Call a function of the given source through Lambda's handler."""

    def call(source: str, event: dict[str, Any]) -> dict[str, Any] | None:
        (tmp_path / "helper.py").write_text(f"from chatops_runtime import Reply\n{source}\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setenv("CHATOPS_HANDLER", "helper.answer")
        monkeypatch.delitem(sys.modules, "helper", raising=False)
        user_function.load.cache_clear()
        return handler(event, object())

    yield call
    sys.modules.pop("helper", None)
    user_function.load.cache_clear()


@pytest.mark.parametrize(
    ("event", "returned", "answer"),
    [
        (EVENT, "it.words", {"text": "status web"}),
        (EVENT, "None", None),
        (EVENT, "Reply(it.type + it.event['client_msg_id'] + it.ts + it.thread_ts)", {"text": "app_mention11.21.1"}),
        (
            EVENT,
            "Reply(' '.join([it.user_id, it.channel_id, it.team_id, it.event_id, str(it.event_time)]))",
            {"text": "U0 C0 T0 Ev0123 1767603600"},
        ),
        (
            INTERACTION,
            "Reply(it.type + it.id + it.state['title'] + it.request_id)",
            {"text": "view_submissionformbroken0a"},
        ),
    ],
)
def test_what_happened_is_what_the_function_is_called_with(call, event, returned, answer):
    assert call(f"def answer(it): return {returned}", event) == answer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@U0APP> status", "status"),
        (" <@U0APP>\u00a0 status <@U0BEN> ", "status <@U0BEN>"),
        ("<@W0APP|helper>", ""),
        ("status <@U0APP>", "status <@U0APP>"),
        ("", ""),
        ("status", "status"),
    ],
)
def test_words_are_the_text_without_the_mention_that_it_begins_with(text, words):
    assert SlackEvent.for_test(text).words == words


def test_a_function_is_tested_with_an_event_of_the_test_s_own():
    def answer(event: SlackEvent) -> Reply:
        return Reply(f"{event.type} {event.words} {event.event['channel']} {'thread_ts' in event.event}")

    told = answer(SlackEvent.for_test("<@U0APP> hello", type="message", channel_id="C0OPS"))
    assert told == Reply("message hello C0OPS False")
    assert SlackEvent.for_test(event={"a": 1}, request_id="x").event == {"a": 1}


@pytest.mark.parametrize(
    ("element", "held"),
    [
        ({"type": "plain_text_input", "value": None}, None),
        ({"type": "static_select", "selected_option": {"value": "web"}}, "web"),
        ({"type": "static_select", "selected_option": None}, None),
        ({"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}, ["a", "b"]),
        ({"type": "multi_users_select", "selected_users": ["U0"]}, ["U0"]),
        ({"type": "datepicker", "selected_date": "2026-11-22"}, "2026-11-22"),
        ({"type": "rich_text_input", "rich_text_value": {}}, None),
    ],
)
def test_state_is_what_the_inputs_hold(element, held):
    payload = {"state": {"values": {"block": {"input": element}}}, "message": {"text": "x"}}
    interaction = SlackInteraction.for_test("go", value="web", payload=payload)
    assert interaction.state == {"input": held}
    assert interaction.message == {"text": "x"}


def test_without_inputs_there_is_no_state_and_without_a_message_none():
    interaction = SlackInteraction.for_test(type="shortcut")
    assert (interaction.state, interaction.message, interaction.payload) == ({}, {}, {"type": "shortcut"})
