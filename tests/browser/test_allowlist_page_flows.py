"""The allow-list's page, used by people: what they read, press and are told."""

import datetime
import threading

import pytest
from playwright.sync_api import Page, expect

from tests.browser.allowlist_double import IPV4, IPV6, AllowlistDouble, error

BOTH = "Allow these addresses"
DONE = "You are registered"


def addresses(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("section:visible .addresses li").all_inner_texts()]


def heading(page: Page, name: str) -> None:
    """There is a heading of that name, and it has the focus, so that a screen reader says it."""
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_focused()


def register(page: Page, allowlist: AllowlistDouble, button: str = BOTH) -> None:
    page.goto(allowlist.link)
    page.get_by_role("button", name=button).click()


def test_shows_what_it_will_register_and_registers_it_on_the_button(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.link)
    expect(page.get_by_role("button", name=BOTH)).to_be_visible()
    assert addresses(page) == [
        "IPv4 198.51.100.23 Registers 198.51.100.23/32: this address only",
        "IPv6 2001:db8:85a3:8d3:1319:8a2e:370:7348 Registers 2001:db8:85a3:8d3::/64: your network",
    ]
    expect(page.get_by_text("This link is for alice. It works once, until")).to_be_visible()
    expect(page.get_by_text("stays allowed for 12 hours")).to_be_visible()
    assert allowlist.changes == [], "opening a link changes nothing"

    page.get_by_role("button", name=BOTH).click()
    heading(page, DONE)
    assert addresses(page) == ["IPv4 198.51.100.23/32", "IPv6 2001:db8:85a3:8d3::/64"]
    until = page.locator("section:visible time")
    expect(until).to_contain_text("GMT+9")
    expires_at = datetime.datetime.fromtimestamp(allowlist.registered[0]["expires_at"], datetime.timezone.utc)
    expect(until).to_have_attribute("datetime", f"{expires_at:%Y-%m-%dT%H:%M:%S}.000Z")
    expect(page.get_by_text("about a minute")).to_be_visible()
    assert allowlist.changes == ["ipv4 POST /seen", "own POST /registrations"]
    assert [one["cidr"] for one in allowlist.registered] == [IPV4["cidr"], IPV6["cidr"]]


def test_the_token_goes_where_it_is_needed_and_leaves_the_url_once_used(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.link)
    expect(page.get_by_role("button", name=BOTH)).to_be_visible()
    assert page.url == allowlist.link, "a reload before it is used still works"
    page.get_by_role("button", name=BOTH).click()
    heading(page, DONE)
    assert page.url == f"{allowlist.url}/"
    assert allowlist.authorized == {"own GET /link", "ipv4 POST /seen", "own POST /registrations"}
    assert not page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage), ...document.cookie]")
    page.reload()
    expect(page.get_by_role("heading", name="You need a link")).to_be_visible()


def test_without_a_link_it_says_where_to_get_one_and_asks_nobody(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.url)
    expect(page.get_by_role("heading", name="You need a link")).to_be_visible()
    expect(page.get_by_text("Type /allow-me in Slack.")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    assert allowlist.requests == []


def test_a_link_opened_in_the_same_tab_is_looked_at(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.url)
    expect(page.get_by_role("heading", name="You need a link")).to_be_visible()
    page.goto(allowlist.link)
    expect(page.get_by_role("button", name=BOTH)).to_be_visible()
    assert len(allowlist.page_requests) == 1


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
    heading(page, "The list is full")
    expect(page.get_by_text("The server said: there are 10,000 entries of IPv6")).to_be_visible()
    allowlist.answers.clear()
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name=BOTH).click()
    heading(page, DONE)


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
    heading(page, "Your addresses")
    assert allowlist.changes == []


def test_a_link_is_not_used_up_for_half_of_what_was_seen(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.dropped.add("ipv4 POST /seen")
    register(page, allowlist)
    heading(page, "The server could not be reached")
    assert "own POST /registrations" not in allowlist.requests


def test_an_answer_that_was_lost_is_not_called_a_failure(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.dropped.add("own POST /registrations")
    register(page, allowlist)
    heading(page, "The server did not answer")
    assert page.url == allowlist.link
    # Not always 2: Chromium itself sends a request again if a connection that it used before was closed.
    before = len(allowlist.changes)
    allowlist.dropped.clear()
    allowlist.answers["own GET /link"] = allowlist.answers["ipv4 POST /seen"] = error(409, "link_used", "used")
    page.get_by_role("button", name="Try again").dblclick()
    heading(page, DONE)
    assert allowlist.changes[before:] == ["own POST /registrations"]


def test_without_ipv4_it_goes_on_and_says_what_that_means(page: Page, allowlist_without_ipv4: AllowlistDouble) -> None:
    page.goto(allowlist_without_ipv4.link)
    expect(page.get_by_text("IPv4 was not seen: the server for it could not be reached.")).to_be_visible()
    assert addresses(page)[0] == "IPv4 None seen"
    page.get_by_role("button", name="Allow this address").click()
    heading(page, DONE)
    assert addresses(page) == ["IPv6 2001:db8:85a3:8d3::/64"]
    expect(page.get_by_text("IPv4 is not registered")).to_be_visible()
    assert allowlist_without_ipv4.changes == ["own POST /registrations"]


def test_ipv4_can_be_looked_for_again(page: Page, allowlist: AllowlistDouble) -> None:
    page.route(f"{allowlist.ipv4_url}/address", lambda route: route.abort(), times=1)
    page.goto(allowlist.link)
    expect(page.get_by_text("IPv4 was not seen")).to_be_visible()
    page.get_by_role("button", name="Look again").click()
    heading(page, "Your addresses")
    expect(page.get_by_role("button", name=BOTH)).to_be_visible()
    expect(page.get_by_text("IPv4 was not seen")).to_have_count(0)


def test_with_ipv4_alone(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.own = IPV4
    page.goto(allowlist.link)
    expect(page.get_by_text("IPv6 was not seen. That is fine if your connection has none.")).to_be_visible()
    assert addresses(page)[1] == "IPv6 None seen"
    page.get_by_role("button", name="Allow this address").click()
    heading(page, DONE)
    assert addresses(page) == ["IPv4 198.51.100.23/32"]
    expect(page.get_by_text("IPv6 is not registered. That is fine if your connection has none.")).to_be_visible()


def test_opened_over_the_host_for_ipv4_it_goes_to_the_one_for_both(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.link.replace(allowlist.url, allowlist.ipv4_url))
    page.wait_for_url(allowlist.link)
    expect(page.get_by_role("button", name=BOTH)).to_be_visible()


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


def test_a_double_click_sends_one_request(page: Page, allowlist: AllowlistDouble) -> None:
    held = allowlist.held["own POST /registrations"] = threading.Event()
    page.goto(allowlist.link)
    button = page.get_by_role("button", name=BOTH)
    button.dblclick()
    expect(page.get_by_role("status")).to_have_text("Registering…")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    page.get_by_role("button", name="Look again").click()
    held.set()
    heading(page, DONE)
    assert allowlist.changes == ["ipv4 POST /seen", "own POST /registrations"]
    assert allowlist.requests.count("own GET /link") == 1


def test_with_the_keyboard_alone(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.link)
    button = page.get_by_role("button", name=BOTH)
    expect(button).to_be_visible()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    assert button.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    heading(page, DONE)


def test_without_javascript_it_says_so(open_page, allowlist: AllowlistDouble) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(allowlist.link)
    expect(page.get_by_text("This page needs JavaScript")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)


def test_in_japanese(open_page, allowlist: AllowlistDouble) -> None:
    page = open_page(locale="ja-JP")
    page.goto(allowlist.link)
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.get_by_text("alice さん専用のリンクです。")).to_be_visible()
    expect(page.get_by_text("許可の有効期間は 12 時間です。")).to_be_visible()
    page.get_by_role("button", name="これらのアドレスを許可する").click()
    heading(page, "登録しました")
    expect(page.locator("section:visible time")).to_contain_text("月")
    expect(page).to_have_title("登録しました – 接続元 IP アドレスの許可")
