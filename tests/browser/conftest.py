"""A browser for all tests, and for each the pages that it opens, which are watched."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import allowlist_double, chromium
from tests.browser.allowlist_double import AllowlistDouble

REPORT_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
});
"""

# It only ends what would hang: a page is slow when everything else on the machine is.
LONGEST_MS = 15_000
expect.set_options(timeout=LONGEST_MS)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens a page in a context of its own, whose options it takes."""
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(**{"locale": "en-GB", "timezone_id": "Asia/Tokyo", **options})
        contexts.append(context)
        context.set_default_timeout(LONGEST_MS)
        context.add_init_script(REPORT_VIOLATIONS)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def unguarded_page(open_page: OpenPage) -> Page:
    """One whose policy does not keep axe out."""
    return open_page(bypass_csp=True)


@pytest.fixture
def allowlist() -> Iterator[AllowlistDouble]:
    double = AllowlistDouble()
    with allowlist_double.host(double, "own") as own, allowlist_double.host(double, "ipv4") as ipv4:
        double.url, double.ipv4_url = own.url, ipv4.url
        yield double


@pytest.fixture
def allowlist_without_ipv4() -> Iterator[AllowlistDouble]:
    """Of whose two hosts nobody can reach the one for IPv4."""
    double = AllowlistDouble()
    # Bound and not listened on: whoever connects is refused.
    with allowlist_double.host(double, "own") as own, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        double.url, double.ipv4_url = own.url, f"http://127.0.0.1:{nobody.getsockname()[1]}"
        yield double
