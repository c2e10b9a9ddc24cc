"""What SNS takes as a subject and as a message: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_local.ministack.messaging.message_structure import message_problem, subject_problem, text_for, texts


@pytest.mark.parametrize("subject", ["", "a", "7 of 9", "[FAILED] nightly", "x" * 99])
def test_a_subject_that_is_taken(subject: str):
    assert subject_problem(subject) is None


@pytest.mark.parametrize("subject", ["x" * 100, "two\nlines", "\tx", " x", "Überlauf", "🔥", "bell\x07"])
def test_a_subject_that_is_refused(subject: str):
    assert subject_problem(subject) == "Invalid parameter: Subject"


@given(st.text(max_size=120))
def test_what_is_taken_is_short_and_printable(subject: str):
    if subject_problem(subject) is None:
        assert len(subject) < 100
        assert subject.isascii()
        assert subject.isprintable()


@pytest.mark.parametrize(
    ("message", "structure", "problem"),
    [
        ("", "", "Empty message"),
        ("text", "yaml", "MessageStructure"),
        ("text", "json", "failed to parse"),
        ("[]", "json", "failed to parse"),
        ('{"sqs": "x"}', "json", "No default entry"),
        ('{"default": {"a": 1}}', "json", "No default entry"),
    ],
)
def test_a_message_that_is_refused(message: str, structure: str, problem: str):
    assert problem in (message_problem(message, structure) or "")


def test_a_message_that_is_json_is_a_text_without_the_structure():
    assert message_problem('{"sqs": "x"}', "") is None
    assert texts('{"sqs": "x"}', "") == {"default": '{"sqs": "x"}'}


@given(st.dictionaries(st.sampled_from(["sqs", "email", "lambda", "sms"]), st.text() | st.integers()), st.text())
def test_each_protocol_gets_its_own_text_or_the_default(others: dict[str, str | int], default: str):
    by_protocol = texts(json.dumps({**others, "default": default}), "json")
    for protocol in ("sqs", "email", "lambda", "sms", "https"):
        own = others.get(protocol)
        # "Non-string values will cause the key to be ignored."
        assert text_for(protocol, by_protocol) == (own if isinstance(own, str) else default)
