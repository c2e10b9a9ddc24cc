"""The allow-list's page when something goes wrong: what people are told, and what they can do."""

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.browser.allowlist_double import AllowlistDouble, error
from tests.browser.allowlist_page import BOTH, DONE, expect_heading, register


def test_a_token_that_cannot_be_one_is_not_sent(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(f"{allowlist.url}/#über token")
    expect(page.get_by_role("heading", name="This link is not known")).to_be_visible()
    assert allowlist.requests == []


@pytest.mark.parametrize(
    ("refused", "code", "name", "advice"),
    [
        ("own GET /link", "link_used", "This link has been used", "/allow-me list in Slack shows them"),
        ("own GET /link", "link_expired", "This link has expired", "get a new link"),
        ("own GET /link", "link_unknown", "This link is not known", "Open it from Slack once more"),
        ("ipv4 POST /seen", "link_expired", "This link has expired", "get a new link"),
        ("own POST /registrations", "link_used", "This link has been used", "/allow-me list in Slack shows them"),
    ],
)
def test_a_link_that_is_no_more(page: Page, allowlist: AllowlistDouble, refused, code, name, advice) -> None:
    allowlist.answers[refused] = error(410, code, "the server's own words")
    page.goto(allowlist.link)
    if "POST" in refused:
        page.get_by_role("button", name=BOTH).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_text(advice)).to_be_visible()
    expect(page.get_by_text("The server said: the server's own words")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    assert page.url == f"{allowlist.url}/"
    assert allowlist.registered == []


def test_a_full_list_can_be_tried_again(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.answers["own POST /registrations"] = error(409, "full", "there are 10,000 entries of IPv6")
    register(page, allowlist)
    expect_heading(page, "The list is full")
    expect(page.get_by_text("The server said: there are 10,000 entries of IPv6")).to_be_visible()
    allowlist.answers.clear()
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name=BOTH).click()
    expect_heading(page, DONE)


@pytest.mark.parametrize(
    ("answer", "name", "said"),
    [
        ((429, {"message": "Too Many Requests"}), "Too many requests", "HTTP 429"),
        (error(503, "busy", "too many"), "Too many requests", "too many"),
        (error(401, "unauthorized", "no token"), "This link is not known", "no token"),
        (error(400, "address_refused", "a private one"), "This address cannot be registered", "a private one"),
        ((500, {"message": "Internal Server Error"}), "That did not work", "HTTP 500"),
        (
            error(400, "constructor", "of JavaScript"),
            "That did not work",
            "of JavaScript",
        ),
        ((200, []), "That did not work", None),
    ],
)
def test_other_answers(page: Page, allowlist: AllowlistDouble, answer, name, said) -> None:
    allowlist.answers["own GET /link"] = answer
    page.goto(allowlist.link)
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    if said:
        expect(page.get_by_text(f"The server said: {said}")).to_be_visible()


def test_a_lost_connection_can_be_tried_again(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.dropped.add("own GET /link")
    page.goto(allowlist.link)
    expect(page.get_by_role("heading", name="The server could not be reached")).to_be_visible()
    allowlist.dropped.clear()
    page.get_by_role("button", name="Try again").click()
    expect_heading(page, "Your addresses")
    assert allowlist.changes == []


def test_a_link_is_not_used_up_for_half_of_what_was_seen(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.dropped.add("ipv4 POST /seen")
    register(page, allowlist)
    expect_heading(page, "The server could not be reached")
    assert "own POST /registrations" not in allowlist.requests


def test_an_answer_that_was_lost_is_not_called_a_failure(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.dropped.add("own POST /registrations")
    register(page, allowlist)
    expect_heading(page, "The server did not answer")
    assert page.url == allowlist.link
    # Not always 2: Chromium itself sends a request again if a connection that it used before was closed.
    before = len(allowlist.changes)
    allowlist.dropped.clear()
    allowlist.answers["own GET /link"] = allowlist.answers["ipv4 POST /seen"] = error(409, "link_used", "used")
    page.get_by_role("button", name="Try again").dblclick()
    expect_heading(page, DONE)
    assert allowlist.changes[before:] == ["own POST /registrations"]


def test_a_slow_server_is_waited_for_and_then_given_up(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.held["own GET /link"] = threading.Event()
    page.clock.install()
    page.goto(allowlist.link)
    expect(page.get_by_role("status")).to_have_text("Looking at your connection…")
    page.clock.fast_forward(5_000)
    expect(page.get_by_role("status")).to_contain_text("takes longer than usual")
    page.clock.fast_forward(20_000)
    expect(page.get_by_role("heading", name="The server could not be reached")).to_be_visible()
    allowlist.held["own GET /link"].set()


def test_a_slow_host_for_ipv4_is_not_waited_for_as_long(page: Page, allowlist: AllowlistDouble) -> None:
    held = allowlist.held["ipv4 GET /address"] = threading.Event()
    page.clock.install()
    page.goto(allowlist.link)
    expect(page.get_by_role("status")).to_have_text("Looking at your connection…")
    page.clock.fast_forward(9_000)
    expect(page.get_by_text("IPv4 was not seen")).to_be_visible()
    held.set()
