"""The maintenance page as people see it."""

import pytest
from playwright.sync_api import Page, expect

from chatops_constructs.waf.maintenance_page import MaintenancePage
from tests.browser import accessibility

URL = "http://site.invalid/"


def show(page: Page, service: str | None = None) -> list[str]:
    """The page shown, and every request that was made for it."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    body = MaintenancePage.standard(service=service).text
    # As AWS WAF sends it: https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html
    page.route("**/*", lambda route: route.fulfill(status=503, content_type="text/html", body=body))
    page.goto(URL)
    return asked


@pytest.mark.parametrize("service", [None, "The order desk"])
def test_axe_finds_nothing(page: Page, service: str | None) -> None:
    show(page, service)
    accessibility.check(page)


@pytest.mark.parametrize("service", [None, "a_service_without_any_blank_in_its_name_of_sixty_characters_"])
def test_fits_a_small_phone(open_page, service: str | None) -> None:
    page = open_page(viewport={"width": 320, "height": 640}, is_mobile=True)
    show(page, service)
    accessibility.check_fits(page)


def test_both_languages_are_there_and_marked_as_what_they_are(page: Page) -> None:
    show(page)
    expect(page.get_by_role("heading", name="ただいまメンテナンス中です", level=1)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator("[lang=en]").get_by_role("heading", name="We are down for maintenance")).to_be_visible()


def test_loads_nothing(page: Page) -> None:
    assert show(page, "The order desk") == [URL]
