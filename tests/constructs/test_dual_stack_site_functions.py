"""The CloudFront Functions of a `DualStackSite`, run under Node with events as CloudFront has them.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatops_constructs.site.edge_function import FOLDER
from chatops_constructs.site.site_kind import SiteKind

if TYPE_CHECKING:
    from collections.abc import Iterator

# Answers a line of JSON, [file, event], with a line of JSON.
RUNNER = """
const fs = require('fs');
const vm = require('vm');
const handlers = {};
for (const file of fs.readdirSync(process.argv[1])) {
  const context = {encodeURIComponent};
  vm.runInNewContext(fs.readFileSync(process.argv[1] + '/' + file, 'utf8') + ';this.handler = handler', context);
  handlers[file.replace('.js', '')] = context.handler;
}
require('readline').createInterface({input: process.stdin}).on('line', (line) => {
  const [file, event] = JSON.parse(line);
  process.stdout.write(JSON.stringify(handlers[file](event)) + '\\n');
});
"""
# Beside this Python, or where CDK finds its own.
NODE = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}") or "node"
FILES = sorted(FOLDER.glob("*.js"))


class Edge:
    """Node, with all functions loaded, as long as this module's tests run."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [NODE, "-e", RUNNER, str(FOLDER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, file: str, event: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([file, event]) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def request(self, kind: SiteKind, uri: str, querystring: dict[str, Any] | None = None) -> dict[str, Any]:
        event = {"version": "1.0", "request": {"method": "GET", "uri": uri, "querystring": querystring or {}}}
        return self.run(kind.value, event)

    def response(self, status: int, headers: dict[str, Any] | None = None) -> dict[str, Any]:
        event = {"version": "1.0", "response": {"statusCode": status, "headers": headers or {}}}
        return self.run("unchanging_assets", event)


@pytest.fixture(scope="module")
def edge() -> Iterator[Edge]:
    started = Edge()
    yield started
    assert started.process.stdin is not None
    started.process.stdin.close()
    started.process.wait(timeout=10)


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("/", "/index.html"),
        ("/index.html", "/index.html"),
        ("/users", "/index.html"),
        ("/users/", "/index.html"),
        ("/users/42/edit", "/index.html"),
        ("/v1.2/users", "/index.html"),
        ("/%E6%97%A5%E6%9C%AC", "/index.html"),
        ("//other.example/", "/index.html"),
        ("/favicon.ico", "/favicon.ico"),
        ("/static/gone.js", "/static/gone.js"),
        ("/.well-known/apple-app-site-association", "/.well-known/apple-app-site-association"),
        ("/robots.txt", "/robots.txt"),
    ],
)
def test_a_single_page_app_shows_its_document_for_what_names_no_file(edge: Edge, uri: str, file: str) -> None:
    assert edge.request(SiteKind.SPA, uri)["uri"] == file


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("/", "/index.html"),
        ("/about/", "/about/index.html"),
        ("/v1.2/", "/v1.2/index.html"),
        ("/about/index.html", "/about/index.html"),
        ("/feed.xml", "/feed.xml"),
        ("/%E6%97%A5%E6%9C%AC/", "/%E6%97%A5%E6%9C%AC/index.html"),
        ("/.well-known/security.txt", "/.well-known/security.txt"),
        ("/.well-known/apple-app-site-association", "/.well-known/apple-app-site-association"),
        # Not redirected, as the browser would leave the site: S3 has no such file.
        ("//other.example", "//other.example"),
        ("//other", "//other"),
        ("/\\other", "/\\other"),
        ("/a\r\nSet-Cookie:x", "/a\r\nSet-Cookie:x"),
    ],
)
def test_a_plain_site_shows_the_index_of_a_folder(edge: Edge, uri: str, file: str) -> None:
    assert edge.request(SiteKind.PLAIN, uri)["uri"] == file


@pytest.mark.parametrize(
    ("uri", "querystring", "location"),
    [
        ("/about", {}, "/about/"),
        ("/a/b", {}, "/a/b/"),
        ("/%E6%97%A5%E6%9C%AC", {}, "/%E6%97%A5%E6%9C%AC/"),
        ("/about", {"q": {"value": "a%20b"}}, "/about/?q=a%20b"),
        ("/about", {"print": {"value": ""}}, "/about/?print"),
        (
            "/about",
            {"q": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]}, "r": {"value": "3"}},
            "/about/?q=1&q=2&r=3",
        ),
        ("/about", {"q": {"value": '"<日本>\r\n'}}, "/about/?q=%22%3C%E6%97%A5%E6%9C%AC%3E%0D%0A"),
    ],
)
def test_a_plain_site_redirects_to_the_folder(edge: Edge, uri: str, querystring: dict[str, Any], location: str) -> None:
    answer = edge.request(SiteKind.PLAIN, uri, querystring)
    assert answer["statusCode"] == 301
    assert answer["headers"] == {"location": {"value": location}}


# What browsers strip, fold or take for slashes is in it more often than by chance.
HOSTILE = st.text(alphabet=st.sampled_from("/\\.%:@?#&=\t\r\n abc012日"), max_size=20).map(lambda rest: f"/{rest}")
PATHS = HOSTILE | st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(lambda rest: f"/{rest}")


@settings(max_examples=300, deadline=None)
@given(uri=PATHS, query=st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
@example(uri="//other.example/a", query="")
@example(uri="/\\other.example/a", query="")
@example(uri="/\t/other.example/a", query="")
@example(uri="/a", query="\r\nSet-Cookie: a=b")
def test_no_path_leads_to_another_site_or_out_of_the_header(edge: Edge, uri: str, query: str) -> None:
    for kind in SiteKind:
        answer = edge.request(kind, uri, {"q": {"value": query}})
        if "uri" in answer:
            assert answer["uri"] in {uri, "/index.html", f"{uri}index.html"}
            continue
        location = answer["headers"]["location"]["value"]
        assert re.fullmatch(r"/([!-~]*)", location)
        assert "\\" not in location
        there = urlsplit(urljoin(f"https://www.example.com{location.partition('?')[0]}", location))
        assert (there.scheme, there.netloc) == ("https", "www.example.com")
        assert not location.startswith("//")


@settings(max_examples=200, deadline=None)
@given(uri=PATHS)
def test_a_redirect_leads_to_an_index_at_once(edge: Edge, uri: str) -> None:
    """And not to another redirect."""
    answer = edge.request(SiteKind.PLAIN, uri)
    if "statusCode" in answer:
        then = edge.request(SiteKind.PLAIN, answer["headers"]["location"]["value"])
        assert then["uri"] == f"{uri}/index.html"


def test_assets_are_kept_by_browsers_for_a_year(edge: Edge) -> None:
    answer = edge.response(200, {"cache-control": {"value": "no-cache"}, "etag": {"value": '"1"'}})
    assert answer["headers"] == {
        "cache-control": {"value": "public, max-age=31536000, immutable"},
        "etag": {"value": '"1"'},
    }


@pytest.mark.parametrize("status", [301, 304, 403, 404, 503])
def test_anything_but_an_asset_is_left_alone(edge: Edge, status: int) -> None:
    assert edge.response(status) == {"statusCode": status, "headers": {}}


def test_every_kind_has_its_function() -> None:
    assert {kind.value for kind in SiteKind} | {"unchanging_assets"} == {file.stem for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_cloudfront_takes_the_code(file: Path) -> None:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html"""
    code = file.read_text(encoding="utf-8")
    assert len(code.encode()) <= 10 * 1024
    assert code.isascii()
    # What the runtime does not have, or has in part only.
    assert not re.search(r"\bfor \(const \w+ of\b|\bclass\b|\bimport\b|\brequire\b|\?\.|\?\?|=>\s*\{", code)
