"""The page itself: markup, styles and scripts, read once."""

from __future__ import annotations

from pathlib import Path

DIRECTORY = Path(__file__).parent / "static"
START = "/"

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_START_FILE = "index.html"
_TOKEN = "{{token}}"  # noqa: S105 - where the token goes

StaticFiles = dict[str, tuple[bytes, str]]
"""Content and type, by path."""


def read(token: str) -> StaticFiles:
    """All files, with `token` in the one that the browser begins with."""
    files = {f"/{path.name}": (path.read_bytes(), _KINDS[path.suffix]) for path in sorted(DIRECTORY.iterdir())}
    markup, kind = files.pop(f"/{_START_FILE}")
    return {START: (markup.decode().replace(_TOKEN, token).encode(), kind), **files}
