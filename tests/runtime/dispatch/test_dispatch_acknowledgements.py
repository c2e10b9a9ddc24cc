"""What is said at once of a command that runs, is asked about, or can be cancelled."""

import hashlib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.contracts import control
from chatops_runtime.contracts.control import Handle
from chatops_runtime.dispatch import cancel_button, understood
from tests.fuzz.hostile import ANY_TEXT, UNTIMED
from tests.runtime.slack_requests import form

NAMES = st.text("abc_0", min_size=1, max_size=31)


def name_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def test_approval_is_said_to_be_asked_for_where_it_is(dispatch):
    body = form(command="/release")
    message = dispatch.message(body)
    said = f"Asked for approval in <#C0456ADM>: `/release` … (id `{name_of(body)[:10]}`)"
    assert (message["response_type"], message["text"]) == ("in_channel", said)


def test_the_cancel_button_is_the_one_that_decide_knows():
    handle = cancel_button.handle("Ops_Slack_Ps", "0" * 64)
    (button,) = cancel_button.below("Running", handle)[1]["elements"]
    assert handle == str(control.Handle("Ops_Slack_Ps", "0" * 64))
    assert (button["action_id"], button["value"]) == (control.CANCEL, handle)


def test_a_question_is_announced(dispatch):
    body = form(command="/purge")
    assert dispatch.message(body) == {
        "response_type": "ephemeral",
        "text": f"There is a question about `/purge` … (id `{name_of(body)[:10]}`)",
    }


def test_what_can_be_cancelled_has_a_button(dispatch):
    body = form(command="/long")
    message = dispatch.message(body)
    section, actions = message["blocks"]
    assert section == {"type": "section", "text": {"type": "mrkdwn", "text": message["text"]}}
    (button,) = actions["elements"]
    assert (actions["type"], button["type"], button["action_id"]) == ("actions", "button", "chatops.cancel")
    assert button["text"] == {"type": "plain_text", "text": "Cancel"}
    handle = Handle.parse(button["value"])
    assert handle is not None
    assert (handle.machine, handle.execution, handle.nonce) == ("Ops-Long", name_of(body), "")
    assert message["response_type"] == "ephemeral"


def test_what_was_not_started_has_none(dispatch):
    body = form(command="/long")
    dispatch(body)
    dispatch.aws.closed.update(dispatch.aws.executions)
    assert "blocks" not in dispatch.message(body)
    dispatch.aws.failures = [(400, "AccessDeniedException")]
    assert "blocks" not in dispatch.message(form(command="/long", trigger_id="another"))


def test_a_plain_command_has_none(dispatch):
    assert "blocks" not in dispatch.message(form(command="/ops", text="restart app"))


def test_what_was_understood_is_shown(dispatch):
    text = dispatch.message(form(command="/ops", text="restart nginx \u2014since 90m"))["text"]
    assert text.splitlines()[1:] == ["`service` is `nginx`, `since` is `1h30m`, `force` is `false`"]


def test_what_is_still_to_be_chosen_is_not(dispatch):
    assert dispatch.message(form(command="/deploy"))["text"].splitlines()[1:] == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel> `x` a\nb", "`why` is `&lt;!channel&gt; ˋxˋ a b`"),
        ("x" * 500, f"`why` is `{'x' * 59}…`"),
    ],
)
def test_text_is_shown_harmless_and_cut(dispatch, typed, shown):
    assert dispatch.message(form(command="/note", text=typed))["text"].splitlines()[1:] == [shown]


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("duration", 5400, "1h30m"),
        ("time", "-10800", "3h ago"),
        ("time", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
        ("integer", 10800, "10800"),
        ("text", "-10800", "-10800"),
    ],
)
def test_times_are_said_as_people_count_them(kind, value, shown):
    declared: Any = [{"name": "since", "kind": kind, "required": True}]
    assert understood.words({"since": value}, declared) == f"\n`since` is `{shown}`"


@given(st.dictionaries(NAMES, st.none() | st.booleans() | st.integers() | ANY_TEXT, max_size=20))
@UNTIMED
def test_whatever_was_understood_fits_beside_a_button(arguments):
    line = understood.words(arguments, [])
    assert len(line) <= 2_500
    assert line.count("`") % 4 == 0, "every name and every value is code, to its end"
    assert not re.search("<|\u202e", line)
    assert line.count("\n") == (1 if line else 0)
