"""`/allow-me` typed in Slack, its link opened in a browser, and the site that lets that browser in over both families.

The page, the registrar, the table, the projection, AWS WAF and the site are the real ones of the local cloud.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessibility, allowlist_page
from tests.end_to_end.allowlist.allowlisted_site import (
    ALICE,
    ALICES,
    BOB,
    EDGE,
    NOTHING,
    AllowlistedSite,
    allowlisted_site,
    synthesised,
)

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AllowlistedSite]:
    with allowlisted_site(synthesised(tmp_path_factory.mktemp("allowlist.cdk.out"))) as site:
        yield site


@pytest.fixture
def site(shared_site: AllowlistedSite) -> Iterator[AllowlistedSite]:
    yield shared_site
    shared_site.empty()
    shared_site.until_registered(NOTHING)


@pytest.fixture
def visit(site: AllowlistedSite, open_page: Callable[..., Page]) -> Visit:
    """A page of a visitor with an IPv4 address and perhaps an IPv6 one, which a browser prefers."""

    def visited(ipv4: str, ipv6: str | None = None, **options: Any) -> Page:
        proxy = site.cloud.server.edge.browser_proxy(viewer=ipv4, viewer6=ipv6)
        return open_page(proxy={"server": proxy.url}, ignore_https_errors=True, **options)

    return visited


def status_of_site(site: AllowlistedSite, page: Page) -> int:
    response = page.goto(site.stacks[EDGE].outputs["Url"])
    assert response
    return response.status


def test_from_the_command_to_the_site_over_both_families(site: AllowlistedSite, visit: Visit) -> None:
    over_ipv6, over_ipv4, somebody = visit(*ALICE), visit(ALICE[0]), visit(*BOB)
    assert [status_of_site(site, page) for page in (over_ipv6, over_ipv4)] == [403, 403]
    link = f"{site.url}/#{site.link()}"

    over_ipv6.goto(link)
    button = over_ipv6.get_by_role("button", name=allowlist_page.BOTH)
    expect(button).to_be_visible()
    assert allowlist_page.addresses(over_ipv6) == [
        f"IPv4 {ALICE[0]} Registers {ALICES[0][0]}: this address only",
        f"IPv6 {ALICE[1]} Registers {ALICES[1][0]}: your network",
    ]
    assert "entry" not in {item["kind"]["S"] for item in site.items}, "opening a link changes nothing"
    button.click()
    allowlist_page.expect_heading(over_ipv6, allowlist_page.DONE)
    assert allowlist_page.addresses(over_ipv6) == [f"IPv4 {ALICES[0][0]}", f"IPv6 {ALICES[1][0]}"]
    assert over_ipv6.evaluate("window.violations") == []

    site.until_registered(ALICES)
    for page in (over_ipv6, over_ipv4):
        assert status_of_site(site, page) == 200
        expect(page.get_by_role("heading", name="Inside")).to_be_visible()
    assert status_of_site(site, somebody) == 403

    # The link a second time, by whoever it was passed on to.
    somebody.goto(link)
    expect(somebody.get_by_role("heading", name="This link has been used")).to_be_visible()
    expect(somebody.get_by_role("button", name=allowlist_page.BOTH)).to_have_count(0)
    assert site.addresses == ALICES


def test_with_ipv4_alone(site: AllowlistedSite, visit: Visit) -> None:
    page = visit(ALICE[0])
    page.goto(f"{site.url}/#{site.link()}")
    page.get_by_role("button", name="Allow this address").click()
    allowlist_page.expect_heading(page, allowlist_page.DONE)
    site.until_registered((ALICES[0], []))
    assert status_of_site(site, page) == 200


def test_the_page_is_accessible_and_fits_a_phone(site: AllowlistedSite, visit: Visit) -> None:
    page = visit(*ALICE, bypass_csp=True)
    page.goto(f"{site.url}/#{site.link()}")
    expect(page.get_by_role("button", name=allowlist_page.BOTH)).to_be_visible()
    accessibility.check(page)
    accessibility.check_fits(page)
