"""The documentation site builds without a warning, and asks no other host for anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import chatops_constructs

ROOT = Path(__file__).parents[2]
# What a browser fetches by itself, unlike a link.
FETCHED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=[\"']?((?:https?:)?//[^\"' >]+)")
# What the theme fetches if a page has a diagram in it: https://squidfunk.github.io/mkdocs-material/reference/diagrams/
DIAGRAM = 'class="mermaid"'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("site")
    # Not --quiet: it would not count warnings. The notice that is left out is of the theme, about its successor.
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(directory)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return directory


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    return {str(path.relative_to(site)): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}


def test_every_page_is_there(pages: dict[str, str]) -> None:
    written = {path.stem for path in ROOT.glob("docs/*.md")} - {"index"}
    assert {f"{name}/index.html" for name in written} <= set(pages)


def test_nothing_is_fetched_from_another_host(pages: dict[str, str]) -> None:
    assert {name: found for name, page in pages.items() if (found := FETCHED.findall(page))} == {}
    assert [name for name, page in pages.items() if DIAGRAM in page] == []


def test_no_markup_is_left(pages: dict[str, str]) -> None:
    """Such as a fence in a place where mkdocs takes it for text, and an example that was not included."""
    for name, page in pages.items():
        prose = re.sub(r"<pre.*?</pre>|<code.*?</code>|<script.*?</script>", "", page, flags=re.DOTALL)
        assert "```" not in prose, name
        assert "--8&lt;--" not in page, name
        assert not re.search(r"\]\([\w./#-]+\)", prose), name


def test_every_public_class_is_on_the_page_of_the_api(pages: dict[str, str]) -> None:
    page = pages["api/index.html"]
    assert [name for name in chatops_constructs.__all__ if f'id="chatops_constructs.{name}"' not in page] == []


def test_nothing_but_pages_is_published(site: Path) -> None:
    assert [str(path.relative_to(site)) for path in site.rglob("*.py")] == []
