"""Which of the page's languages a browser asks for."""

from __future__ import annotations

DEFAULT = "en"
LANGUAGES = (DEFAULT, "ja")

_MOST_RANGES = 32
"""Browsers send a handful; the header may have 8 KB."""


def choose(accept_language: str | None) -> str:
    """The language of the page for what a browser sends as Accept-Language (RFC 9110, section 12.5.4).

    What cannot be read counts as not sent, since a page in the wrong language is better than none.
    """
    wanted: dict[str, float] = {}
    for language_range in (accept_language or "").split(",")[:_MOST_RANGES]:
        tag, _, parameters = language_range.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            wanted[language] = max(_quality(parameters), wanted.get(language, 0.0))
    # Of equals, the one named first.
    best = max(wanted, key=lambda language: wanted[language], default=DEFAULT)
    return best if wanted.get(best) else DEFAULT


def _quality(parameters: str) -> float:
    """What `;q=` says: 0 to 1, and 1 unless it says something else."""
    name, _, value = parameters.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
