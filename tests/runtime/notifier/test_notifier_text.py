"""Anything else is said as text."""

import json
from typing import Any

import pytest

from chatops_runtime.notifier.reading import read
from tests.runtime.notifier.notices import raw, record


def full(message: dict[str, Any]) -> str:
    return read(message).full(4_000)


def test_subject_and_body():
    assert full(record("91 % of /\nand <!here> more", subject="Disk *alert*")) == (
        ":speech_balloon: *Disk ∗alert∗*\n91 % of /\nand &lt;!here&gt; more"
    )


def test_a_body_without_a_subject():
    assert full(record("just text")) == "just text"


@pytest.mark.parametrize("body", ["sent by hand", '{"Type": "Notification"}', '{"Message": "x"}', "[1]", '"x"', "7"])
def test_a_message_that_sns_did_not_wrap(body):
    assert "".join(full(raw(body)).strip("`").split()) == "".join(body.split())


def test_json_is_laid_out_in_a_fence():
    said = full(record({"a": ["<!channel>", "`" * 3, "é"]}, subject="Event"))
    fence = "`" * 3
    assert said.splitlines() == [
        ":speech_balloon: *Event*",
        fence,
        "{",
        '  "a": [',
        '    "&lt;!channel&gt;",',
        '    "ˋˋˋ",',
        '    "é"',
        "  ]",
        "}",
        fence,
    ]


def test_an_event_of_eventbridge_has_a_title():
    event = {"version": "0", "detail-type": "EC2 Instance State-change Notification", "detail": {"state": "stopped"}}
    notice = read(record(event))
    assert notice.full(4_000).startswith(":speech_balloon: *EC2 Instance State-change Notification*\n```\n{")
    assert notice.line == ":speech_balloon: *EC2 Instance State-change Notification*"


def test_a_long_text_is_cut_and_says_so():
    said = full(record("&" * 5_000, subject="Long"))
    assert len(said) <= 4_000
    assert said.endswith(" of 5,000 characters._")


def test_an_empty_notice_is_said():
    assert full(record("")) == "_(an empty notice)_"
    assert full(record("\n", subject="Empty")) == ":speech_balloon: *Empty*\n_(an empty notice)_"


def test_json_too_deep_to_be_laid_out_is_text():
    # Far more than Python reads, and a depth at which only reading works.
    for depth in (100_000, 900, 600):
        nested = '{"a":' * depth + "1" + "}" * depth
        assert "{" in full(record(nested))


def test_terminal_escapes_are_gone():
    assert full(record("\x1b[31mred\x1b[0m \u202eevil")) == "red evil"


@pytest.mark.parametrize("message", [None, 7, {"a": 1}])
def test_an_envelope_of_another_shape(message):
    assert f'"Message": {json.dumps(message)[:1]}' in full(
        raw(json.dumps({"Type": "Notification", "Message": message, "Subject": 7}))
    )


def test_the_line_of_a_digest():
    assert read(record("91 % of /\nmore", subject="Disk")).line == ":speech_balloon: *Disk* 91 % of / more"
    assert read(record("x" * 900)).line.endswith("x…")
