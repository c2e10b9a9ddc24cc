"""What axe finds wrong with a page, in words."""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

SCHEMES = ("light", "dark")


def check(page: Page) -> None:
    """Fail with what axe finds, in light and in dark; the page's context has to bypass the page's policy."""
    # A colour that is still on its way to another has another contrast.
    page.emulate_media(reduced_motion="reduce")
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        results = Axe().run(page)
        if results.violations_count:
            found.append(f"{scheme}: {results.generate_report()}")
    assert not found, "\n".join(found)


def check_fits(page: Page) -> None:
    """Fail if a page has to be scrolled sideways on a small phone."""
    page.set_viewport_size({"width": 320, "height": 640})
    width, available = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= available
