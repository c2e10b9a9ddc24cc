"""The allow-list's page, used by people: what they read, press and are told."""

import datetime
import threading

from playwright.sync_api import Page, expect

from tests.browser.allowlist_double import IPV4, IPV6, AllowlistDouble
from tests.browser.allowlist_page import BOTH, DONE, addresses, expect_heading


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
    expect_heading(page, DONE)
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
    expect_heading(page, DONE)
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
    page.get_by_role("button", name=BOTH).click()
    expect_heading(page, DONE)
    expect(page).to_have_title("Registered – Allow this connection")
    page.evaluate("location.hash = 'another-link'")
    expect(page.get_by_role("button", name=BOTH)).to_be_visible()
    expect(page).to_have_title("Allow this connection")
    assert len(allowlist.page_requests) == 1


def test_without_ipv4_it_goes_on_and_says_what_that_means(page: Page, allowlist_without_ipv4: AllowlistDouble) -> None:
    page.goto(allowlist_without_ipv4.link)
    expect(page.get_by_text("IPv4 was not seen: the server for it could not be reached.")).to_be_visible()
    assert addresses(page)[0] == "IPv4 None seen"
    page.get_by_role("button", name="Allow this address").click()
    expect_heading(page, DONE)
    assert addresses(page) == ["IPv6 2001:db8:85a3:8d3::/64"]
    expect(page.get_by_text("IPv4 is not registered")).to_be_visible()
    assert allowlist_without_ipv4.changes == ["own POST /registrations"]


def test_ipv4_can_be_looked_for_again(page: Page, allowlist: AllowlistDouble) -> None:
    page.route(f"{allowlist.ipv4_url}/address", lambda route: route.abort(), times=1)
    page.goto(allowlist.link)
    expect(page.get_by_text("IPv4 was not seen")).to_be_visible()
    page.get_by_role("button", name="Look again").click()
    expect_heading(page, "Your addresses")
    expect(page.get_by_role("button", name=BOTH)).to_be_visible()
    expect(page.get_by_text("IPv4 was not seen")).to_have_count(0)


def test_with_ipv4_alone(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.own = IPV4
    page.goto(allowlist.link)
    expect(page.get_by_text("IPv6 was not seen. That is fine if your connection has none.")).to_be_visible()
    assert addresses(page)[1] == "IPv6 None seen"
    page.get_by_role("button", name="Allow this address").click()
    expect_heading(page, DONE)
    assert addresses(page) == ["IPv4 198.51.100.23/32"]
    expect(page.get_by_text("IPv6 is not registered. That is fine if your connection has none.")).to_be_visible()


def test_opened_over_the_host_for_ipv4_it_goes_to_the_one_for_both(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.link.replace(allowlist.url, allowlist.ipv4_url))
    page.wait_for_url(allowlist.link)
    expect(page.get_by_role("button", name=BOTH)).to_be_visible()


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
    expect_heading(page, DONE)
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
    expect_heading(page, DONE)


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
    expect_heading(page, "登録しました")
    expect(page.locator("section:visible time")).to_contain_text("月")
    expect(page).to_have_title("登録しました – 接続元 IP アドレスの許可")
