"""The example's site closes, opens and lets in, as people see it in a browser."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser import accessibility, allowlist_page
from tests.end_to_end.guarded.guarded_site import (
    DEVELOPERS,
    END_USERS,
    LINK,
    OFFICE,
    GuardedSite,
    guarded_site,
    synthesised,
)

SHOP = "Corner shop"
CLOSED = "We are down for maintenance"

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedSite]:
    with guarded_site(synthesised(tmp_path_factory.mktemp("guarded.cdk.out"))) as site:
        yield site


@pytest.fixture
def visit(site: GuardedSite, open_page: Callable[..., Page]) -> Visit:
    """A page of a visitor with an IPv4 address and perhaps an IPv6 one, which a browser prefers."""

    def visited(ipv4: str, ipv6: str | None = None, **options: Any) -> Page:
        proxy = site.cloud.server.edge.browser_proxy(viewer=ipv4, viewer6=ipv6)
        return open_page(proxy={"server": proxy.url}, ignore_https_errors=True, **options)

    return visited


def test_a_maintenance_from_the_command_to_its_own_end(site: GuardedSite, visit: Visit) -> None:
    user4, user6, office = visit(END_USERS[0]), visit(*END_USERS), visit(*OFFICE)
    for page in (user4, user6, office):
        assert opened(site, page).status == 200
        expect(page.get_by_role("heading", level=1)).to_have_text(SHOP)

    assert "*The site is closed*" in site.say("on for 10m new database")
    for page in (user4, user6):
        closed = opened(site, page)
        assert (closed.status, closed.headers["retry-after"], closed.headers["cache-control"]) == (
            503,
            "300",
            "no-store",
        )
        expect(page.get_by_role("heading", name=CLOSED)).to_be_visible()
        expect(page.get_by_text(SHOP)).to_be_visible()
        assert api(page) == (503, "application/json", "maintenance")
    assert opened(site, office).status == 200
    assert api(office)[:2] == (200, "application/json")

    site.minutes_pass(10)
    for page in (user4, user6):
        assert opened(site, page).status == 200
        expect(page.get_by_role("heading", level=1)).to_have_text(SHOP)


def test_the_page_of_a_closed_site_is_accessible(site: GuardedSite, visit: Visit) -> None:
    page = visit(*END_USERS)
    site.say("on for 10m")
    assert opened(site, page).status == 503
    accessibility.check(page)
    accessibility.check_fits(page)
    site.say("off")


def test_a_developer_is_let_in_by_the_page_of_the_link(site: GuardedSite, visit: Visit) -> None:
    site.say("on for 10m")
    page = visit(*DEVELOPERS)
    assert opened(site, page).status == 503

    told = site.type("/allow-me")
    link = LINK.search(json.dumps([told.text, *told.blocks]))
    assert link
    page.goto(f"{link[1]}/#{link[2]}")
    page.get_by_role("button", name=allowlist_page.BOTH).click()
    allowlist_page.expect_heading(page, allowlist_page.DONE)
    # The IP sets follow the table in a second or two; surely at the next minute.
    site.minutes_pass(1)

    for developer in (page, visit(DEVELOPERS[0])):
        assert opened(site, developer).status == 200
        expect(developer.get_by_role("heading", level=1)).to_have_text(SHOP)
    assert opened(site, visit(*END_USERS)).status == 503
    site.say("off")


def opened(site: GuardedSite, page: Page) -> Response:
    response = page.goto(f"https://{site.host}/")
    assert response
    return response


def api(page: Page) -> tuple[int, str, str]:
    """Its status, what kind it is, and what it says is wrong, as the site's own script sees them."""
    found = page.evaluate(
        "async () => { const answer = await fetch('/api/hours');"
        " return [answer.status, answer.headers.get('content-type'), (await answer.json()).error ?? '']; }"
    )
    return found[0], found[1].split(";")[0], found[2] if isinstance(found[2], str) else found[2].get("code", "")
