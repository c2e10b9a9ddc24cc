"""How tests use the allow-list's page, in English."""

from playwright.sync_api import Page, expect

from tests.browser.allowlist_double import AllowlistDouble

BOTH = "Allow these addresses"
DONE = "You are registered"


def addresses(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("section:visible .addresses li").all_inner_texts()]


def expect_heading(page: Page, name: str) -> None:
    """There is a heading of that name, and it has the focus, so that a screen reader says it."""
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_focused()


def register(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.link)
    page.get_by_role("button", name=BOTH).click()
