"""Which language the page is in, by Accept-Language: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.allowlist.page.language import LANGUAGES, choose


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("*", "en"),
        ("ja", "ja"),
        ("JA-jp", "ja"),
        ("ja,en-US;q=0.9,en;q=0.8", "ja"),
        ("en-US,en;q=0.9,ja;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,ja;q=0.5", "ja"),
        ("en;q=0.4, ja;q=0.6", "ja"),
        ("en ; q=0.2 , ja ; Q=0.3", "ja"),
        ("ja;q=0, en;q=0.1", "en"),
        ("ja;q=0", "en"),
        ("ja;q=nan, en;q=0.1", "en"),
        ("ja;q=inf, en;q=0.1", "en"),
        ("ja;q=1.5, en;q=0.1", "en"),
        ("ja;q=-1, en;q=0.1", "en"),
        ("ja;q=, en;q=0.1", "en"),
        ("ja;level=1", "ja"),
        ("jav", "en"),
        ("de", "en"),
        ("en-GB;q=0.1, ja;q=0.5, en;q=0.9", "en"),
    ],
)
def test_chooses(header: str | None, language: str) -> None:
    assert choose(header) == language


@given(st.text() | st.from_regex(r"(ja|en|\*)(-[A-Z]{2})?(; ?q=[0-9.e-]{0,4})?(, ?(ja|en)(;q=[0-9.]{0,4})?)*"))
def test_any_header_has_a_language(header: str) -> None:
    assert choose(header) in LANGUAGES


def test_a_long_header_is_not_read_to_its_end() -> None:
    assert choose("," * 10_000 + "ja") == "en"
