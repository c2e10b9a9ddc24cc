"""The allow-list's page under its own policy: nothing of it is blocked, and nothing else runs or is loaded."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.allowlist_double import TOKEN, AllowlistDouble, error

INJECTED = "<script>document.title = 'run'</script><svg onload=\"document.title = 'run'\"></svg>"
HOSTILE = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>{until}`code`"


def violations(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.violations")
    return found


def register(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.link)
    page.locator("#register").click()
    expect(page.locator("#done")).to_be_visible()


def test_nothing_of_the_page_is_blocked(page: Page, allowlist: AllowlistDouble) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda problem: said.append(str(problem)))
    register(page, allowlist)
    assert said == []
    assert violations(page) == []


def test_loads_nothing_but_the_page_and_the_answers_of_its_hosts(page: Page, allowlist: AllowlistDouble) -> None:
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    register(page, allowlist)
    origins = {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for _, url in asked}
    assert origins == {allowlist.url, allowlist.ipv4_url}
    assert {kind for kind, _ in asked} <= {"document", "fetch", "preflight"}
    # Nobody but the two hosts' authorizations has the token: no URL and no Referer.
    assert not any(TOKEN in url for kind, url in asked if kind != "document")
    assert not any("referer" in headers.lower() for headers in allowlist.page_requests)


def test_a_script_that_was_put_into_the_page_does_not_run(page: Page, allowlist: AllowlistDouble) -> None:
    def inject(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("<main>", f"<main>{INJECTED}"))

    page.route(f"{allowlist.url}/", inject)
    page.goto(allowlist.url)
    expect(page.get_by_role("heading", name="You need a link")).to_be_visible()
    assert page.locator("main > script").count() == 1
    assert page.title() == "Allow this connection"
    assert violations(page) == ["script-src-elem inline", "script-src-attr inline"]


def test_markup_cannot_be_injected_by_a_script_either(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.url)
    for attempt in ("document.body.innerHTML = '<p>other</p>'", "trustedTypes.createPolicy('own', {})"):
        with pytest.raises(Error, match=r"^Page.evaluate: TypeError: "):
            page.evaluate(f"() => {{ {attempt} }}")


def test_other_hosts_cannot_be_asked(page: Page, allowlist: AllowlistDouble) -> None:
    page.goto(allowlist.url)
    page.evaluate("fetch('http://127.0.0.1:1/stolen').catch(() => null)")
    page.wait_for_function("window.violations.length > 0")
    assert violations(page) == ["connect-src http://127.0.0.1:1/stolen"]


def test_cannot_be_framed(page: Page, allowlist: AllowlistDouble) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_content(f'<iframe src="{allowlist.url}"></iframe>')
    assert page.frames[1].get_by_role("heading", name="You need a link").count() == 0
    assert any("frame-ancestors 'none'" in text for text in said)


def test_what_the_server_says_stays_text(page: Page, allowlist: AllowlistDouble) -> None:
    allowlist.name = HOSTILE
    allowlist.answers["own POST /registrations"] = error(500, HOSTILE, HOSTILE)
    page.goto(allowlist.link)
    expect(page.locator("strong")).to_have_text(HOSTILE)
    page.locator("#register").click()
    expect(page.locator("#failed")).to_be_visible()
    expect(page.get_by_text(f"The server said: {HOSTILE}")).to_be_visible()
    assert page.locator("img").count() == 0
    assert page.title() == "Allow this connection"
    assert violations(page) == []
