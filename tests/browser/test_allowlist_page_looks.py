"""The allow-list's page as people see it: each of its states in light and dark, on a phone, and by axe."""

import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessibility
from tests.browser.allowlist_double import IPV4, AllowlistDouble, error

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
LONG_NAME = "a_name_without_any_blank_in_it_" * 2 + "of_80_characters_"

Show = Callable[[Page, AllowlistDouble], None]


def no_link(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.url)
    expect(page.locator("#no-link")).to_be_visible()


def checking(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.held["own GET /link"] = threading.Event()
    page.goto(allowlist.link)
    expect(page.get_by_role("status")).not_to_be_empty()


def ready(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.name = LONG_NAME
    page.goto(allowlist.link)
    expect(page.locator("#register")).to_be_visible()


def ready_with_ipv4_alone(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.own = IPV4
    ready(page, allowlist)


def registering(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.held["own POST /registrations"] = threading.Event()
    ready(page, allowlist)
    page.locator("#register").click()
    expect(page.get_by_role("status")).not_to_be_empty()


def done(page: Page, allowlist: AllowlistDouble) -> None:
    ready(page, allowlist)
    page.locator("#register").click()
    expect(page.locator("#done")).to_be_focused()


def used(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.answers["own GET /link"] = error(410, "link_used", "The link was used at 12:34 for other addresses.")
    page.goto(allowlist.link)
    expect(page.locator("#failed")).to_be_visible()


def full(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.answers["own POST /registrations"] = error(409, "full", "There are 10,000 entries.")
    ready(page, allowlist)
    page.locator("#register").click()
    expect(page.locator("#failed")).to_be_focused()


STATES = [no_link, checking, ready, ready_with_ipv4_alone, registering, done, used, full]


@pytest.fixture(params=STATES, ids=lambda state: state.__name__)
def show(request: pytest.FixtureRequest, allowlist: AllowlistDouble):
    yield request.param
    for held in allowlist.held.values():
        held.set()


def test_is_accessible_and_fits_a_small_phone(unguarded_page: Page, allowlist: AllowlistDouble, show: Show) -> None:
    page = unguarded_page
    show(page, allowlist)
    accessibility.check(page)
    accessibility.check_fits(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.locator("section:visible, [data-panel=no-script]:visible")).to_have_count(0 if show is checking else 1)


def test_fits_a_small_phone_in_japanese(open_page, allowlist: AllowlistDouble, show: Show) -> None:
    page = open_page(locale="ja-JP", **PHONE)
    show(page, allowlist)
    accessibility.check_fits(page)
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        # https://www.w3.org/WAI/WCAG22/Understanding/target-size-enhanced.html
        assert box["height"] >= 44


def test_is_accessible_in_japanese(open_page, allowlist: AllowlistDouble) -> None:
    page = open_page(bypass_csp=True, locale="ja-JP")
    done(page, allowlist)
    accessibility.check(page)


def test_is_dark_for_those_who_want_it_dark(open_page, allowlist: AllowlistDouble) -> None:
    backgrounds = set()
    for scheme in accessibility.SCHEMES:
        page = open_page(color_scheme=scheme)
        no_link(page, allowlist)
        backgrounds.add(page.locator("main").evaluate("one => getComputedStyle(one).backgroundColor"))
    assert backgrounds == {"rgb(255, 255, 255)", "rgb(23, 30, 43)"}


def test_nothing_turns_for_those_who_want_it_still(open_page, allowlist: AllowlistDouble) -> None:
    turning = []
    for motion in ("no-preference", "reduce"):
        page = open_page(reduced_motion=motion)
        checking(page, allowlist)
        turning.append(
            page.get_by_role("status").evaluate("one => getComputedStyle(one, '::before').animationName != 'none'")
        )
    allowlist.held["own GET /link"].set()
    assert turning == [True, False]
