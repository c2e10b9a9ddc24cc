"""How a site finds the file for a path."""

from __future__ import annotations

from enum import Enum


class SiteKind(Enum):
    """How a site finds the file for a path.

    Attributes:
        SPA: A single-page app: every path without a file extension is answered with `/index.html`, which finds out by
            itself what to show. A missing file (`/assets/gone.js`) is a 404.
        PLAIN: Pages in folders: `/about/` is answered with `/about/index.html`, `/about` is redirected to `/about/`.
            What is missing is a 404 with `/404.html`.
    """

    SPA = "single_page_app"
    PLAIN = "plain_site"
