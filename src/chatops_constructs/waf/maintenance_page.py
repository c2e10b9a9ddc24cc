"""The page that end users see during maintenance, within what AWS WAF takes."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems, is_token

if TYPE_CHECKING:
    from os import PathLike

LONGEST_BODY = 4_096
"""Bytes: https://docs.aws.amazon.com/waf/latest/developerguide/limits.html. Neither the SDK nor CDK checks it."""

LONGEST_SERVICE = 60
STANDARD = Path(__file__).parent / "maintenance_page.html"
LOADED = re.compile(r"<(?:script|img|iframe|link)\b[^>]*?\b(?:src|href)\s*=\s*[\"']?(?!data:|#|[\"'])", re.IGNORECASE)


class MaintenancePage:
    """The page: make one with `standard`, `from_html` or `from_file`.

    AWS WAF blocks the page's own style sheets, scripts and images as well, so that all of it has to be in one file.
    """

    def __init__(self, text: str) -> None:
        """Keep what was checked; use the factories instead.

        Args:
            text: The HTML.
        """
        self._text = text

    @property
    def text(self) -> str:
        """The HTML."""
        return self._text

    @staticmethod
    def standard(*, service: str | None = None) -> MaintenancePage:
        """A page in Japanese and English, light and dark, for screens of any size.

        Args:
            service: The name of what is under maintenance, which the page shows. Default: none.

        Raises:
            ValueError: The name is too long, or empty.
        """
        problems = Problems("MaintenancePage.standard")
        problems.check(
            service is None or (isinstance(service, str) and 0 < len(service.strip()) <= LONGEST_SERVICE),
            "service",
            service,
            f"1 to {LONGEST_SERVICE} characters",
            "give a short name, or leave it out",
            tokens=False,
        )
        problems.raise_if_any()
        name = f'<p class="s">{html.escape(service.strip())}</p>' if service else ""
        return MaintenancePage(STANDARD.read_text(encoding="utf-8").replace("<!--service-->", name))

    @staticmethod
    def from_html(text: str) -> MaintenancePage:
        """A page of your own.

        Args:
            text: The HTML: at most 4,096 bytes of UTF-8, in which a Japanese character has three.

        Raises:
            ValueError: It is empty or too long, it would load something, or does not say that it is UTF-8.
        """
        problems = Problems("MaintenancePage.from_html")
        check_body(problems, "text", text)
        loaded = LOADED.search(text) if isinstance(text, str) and not is_token(text) else None
        problems.check(
            loaded is None,
            "text",
            loaded[0] if loaded else "",
            "a page that loads nothing, since AWS WAF blocks that as well",
            "put styles, scripts and images into the page, images as data: URLs",
        )
        problems.check(
            not isinstance(text, str) or text.isascii() or "charset" in text.lower(),
            "text",
            "not only of ASCII",
            "a page that says that it is UTF-8, since AWS WAF does not",
            'write <meta charset="utf-8"> into its head',
        )
        problems.raise_if_any()
        return MaintenancePage(text)

    @staticmethod
    def from_file(path: str | PathLike[str]) -> MaintenancePage:
        """A page of your own, as `from_html` takes it.

        Args:
            path: The file, in UTF-8.

        Raises:
            ValueError: It cannot be read, or `from_html` refuses it.
        """
        problems = Problems("MaintenancePage.from_file")
        text = ""
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = f"{path} ({type(error).__name__})"
            problems.check(False, "path", reason, "a file in UTF-8 that can be read", "check the path")
        problems.raise_if_any()
        return MaintenancePage.from_html(text)


def check_body(problems: Problems, parameter: str, text: object) -> None:
    """Note what AWS WAF does not take for a response's body."""
    allowed = f"1 to {LONGEST_BODY} bytes of UTF-8"
    if is_token(text) or not isinstance(text, str) or not text.strip():
        problems.check(False, parameter, text, allowed, "give the text", tokens=False)
        return
    size = len(text.encode())
    wide = sum(1 for character in text if len(character.encode()) > 2)
    problems.check(
        size <= LONGEST_BODY,
        parameter,
        f"of {size} bytes",
        allowed,
        f"leave out {size - LONGEST_BODY} bytes; it has {wide} characters of 3 bytes or more, such as Japanese ones",
    )
