"""Our parser of forms against the standard library's."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.slack import form

MOST = 20
PART = st.sampled_from(
    ["a", "é", "雪", "=", "&", "+", "%", "%41", "%c3%a9", "%C3", "%a9", "%zz", "%4", "%00", ";", " ", "\0"]
)


def theirs(body: bytes) -> list[tuple[str, str]] | None:
    try:
        return parse_qsl(
            body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST
        )
    except ValueError:
        return None


def ours(body: bytes) -> list[tuple[str, str]] | None:
    try:
        return form.pairs(body, MOST)
    except ValueError:
        return None


@given(
    st.lists(PART, min_size=1, max_size=30).map(lambda parts: "".join(parts).encode())
    | st.binary(min_size=1, max_size=60)
)
def test_parses_as_urllib_does(body):
    assert ours(body) == theirs(body)


@given(st.lists(st.tuples(st.text(max_size=10), st.text(max_size=30)), min_size=1, max_size=MOST))
def test_parses_what_was_encoded(fields):
    assert form.pairs(urlencode(fields).encode(), MOST) == fields


@pytest.mark.parametrize("body", [b"", b"a", b"a=1&", b"&a=1", b"&".join([b"a=1"] * (MOST + 1))])
def test_what_is_no_form_is_refused(body):
    with pytest.raises(ValueError, match="field"):
        form.pairs(body, MOST)


@pytest.mark.parametrize("body", [b"a=\xff", b"a=%ff", b"%ff=1", b"a=\xc3%a9", b"a=%c3%28"])
def test_what_is_not_utf8_is_refused_as_that(body):
    with pytest.raises(UnicodeDecodeError):
        form.pairs(body, MOST)
