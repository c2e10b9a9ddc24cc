"""What stands where a secret should be, and what only looks a little like it."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.contracts.placeholders import is_placeholder


@pytest.mark.parametrize(
    "value",
    [
        "changeme",
        "CHANGE_ME",
        "change-me",
        " Changeme\n",
        "replace me",
        "fixme",
        "TODO",
        "todo: ask Hana",
        "tbd",
        "xxx",
        "XXXXXXXX",
        "***",
        "...",
        "…",
        "---",
        "??",
        "<token>",
        "<paste the signing secret>",
        "${SLACK_TOKEN}",
        "{{ api_key }}",
        "%API_KEY%",
        "dummy",
        "dummy-token",
        "placeholder",
        "example",
        "sample_key",
        "your-api-key",
        "YOUR_SECRET",
        "my-token",
        "the key",
        "put your token here",
        "insert-key-here",
        "none",
        "null",
        "n/a",
        "unset",
    ],
)
def test_a_placeholder(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "hunter2",
        "correct horse battery staple",
        "dummy-38fh3kd02",
        "xoxb-1-2-abc",
        "sk_live_TODO4242",
        "<RSAKeyValue><Modulus>abc</Modulus></RSAKeyValue>",
        "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----",
        '{"password": "hunter2"}',
        "nonesuch",
        "x",
        "",
    ],
)
def test_no_placeholder(value: str) -> None:
    assert not is_placeholder(value)


@given(st.binary(min_size=4))
def test_no_hexadecimal_token_is_taken_for_one(value: bytes) -> None:
    assert not is_placeholder(value.hex())


@given(st.text(alphabet=string.printable, max_size=2_000))
def test_any_text_is_judged(value: str) -> None:
    assert is_placeholder(value) is is_placeholder(f" {value} ")
