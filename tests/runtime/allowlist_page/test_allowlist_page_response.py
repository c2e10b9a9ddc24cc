"""The allow-list's page as an HTTP API's response."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from chatops_runtime.allowlist.page import response

URL = "https://abc123.execute-api.ap-northeast-1.amazonaws.com"
IPV4_URL = "https://def456.execute-api.ap-northeast-1.amazonaws.com"
MOST_OF_A_LAMBDA_RESPONSE = 6 * 1024 * 1024


class Parsed(HTMLParser):
    """What of a page matters to its policy."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.contents: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.contents.append((self.elements[-1][0] if self.elements else "", data))

    def attributes(self, tag: str) -> dict[str, str | None]:
        return next(attributes for name, attributes in self.elements if name == tag)


def page(**changed: Any) -> dict[str, Any]:
    given = {"url": URL, "ipv4_url": IPV4_URL, "valid_seconds": 43_200, "accept_language": None}
    return response.page(**{**given, **changed})


def policy(answer: dict[str, Any]) -> dict[str, str]:
    directives = answer["headers"]["content-security-policy"].split("; ")
    return {name: value for name, _, value in (one.partition(" ") for one in directives)}


def sha256(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_is_a_response_of_payload_format_2() -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    answer = page()
    assert set(answer) == {"statusCode", "headers", "body"}
    assert answer["statusCode"] == 200
    assert all(type(value) is str and "\n" not in value for value in answer["headers"].values())
    assert len(json.dumps(answer)) < MOST_OF_A_LAMBDA_RESPONSE / 100


def test_headers() -> None:
    headers = page()["headers"]
    del headers["content-security-policy"]
    assert headers == {
        "content-type": "text/html; charset=utf-8",
        "content-language": "en",
        "cache-control": "no-store",
        "vary": "Accept-Language",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "strict-transport-security": "max-age=63072000",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }


@pytest.mark.parametrize("language", ["en", "ja"])
def test_policy_lets_run_what_is_in_the_page_and_nothing_else(language: str) -> None:
    answer = page(accept_language=language)
    parsed = Parsed(answer["body"])
    scripts = [
        (attributes.get("type"), content)
        for (tag, attributes), content in zip(
            [one for one in parsed.elements if one[0] == "script"],
            [content for tag, content in parsed.contents if tag == "script" and content.strip()],
            strict=True,
        )
    ]
    assert [kind for kind, _ in scripts] == ["application/json", "module"]
    (style,) = (content for tag, content in parsed.contents if tag == "style" and content.strip())
    assert policy(answer) == {
        "default-src": "'none'",
        "script-src": sha256(scripts[1][1]),
        "style-src": sha256(style),
        "connect-src": f"'self' {IPV4_URL}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


@pytest.mark.parametrize("language", ["en", "ja"])
def test_loads_nothing_and_has_nothing_that_the_policy_blocks(language: str) -> None:
    for tag, attributes in Parsed(page(accept_language=language)["body"]).elements:
        assert tag not in {"link", "img", "iframe", "form", "base"}
        assert not {"src", "href", "style"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_text_is_in_place(language: str) -> None:
    answer = page(accept_language=language)
    assert answer["headers"]["content-language"] == language
    assert Parsed(answer["body"]).attributes("html")["lang"] == language
    without_code = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", answer["body"], flags=re.DOTALL)
    assert "$" not in without_code
    assert "`" not in without_code
    assert "<code>/allow-me</code>" in without_code


def test_tells_its_script_the_two_hosts() -> None:
    body = Parsed(page(url=f"{URL}/", ipv4_url="http://127.0.0.1:8401")["body"]).attributes("body")
    assert body == {"data-url": URL, "data-ipv4-url": "http://127.0.0.1:8401", "data-valid-seconds": "43200"}


def test_a_host_on_ipv6_loopback_is_one() -> None:
    assert Parsed(page(url="http://[::1]:8400")["body"]).attributes("body")["data-url"] == "http://[::1]:8400"


@pytest.mark.parametrize("parameter", ["url", "ipv4_url"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "abc123.execute-api.ap-northeast-1.amazonaws.com",
        "ftp://example.com",
        "https://example.com/stage",
        "https://example.com; script-src *",
        "https://example.com\r\nset-cookie: a=b",
        'https://example.com" onload="alert(1)',
        "https://user:password@example.com",
        "https://*",
    ],
)
def test_refuses_what_is_no_host(parameter: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"^{parameter}: .*is not allowed; allowed: http or https"):
        page(**{parameter: value})


def test_the_languages_have_the_same_texts() -> None:
    english, japanese = (json.loads(response._file(f"texts/{language}.json")) for language in ("en", "ja"))

    def shape(text: Any) -> Any:
        if isinstance(text, dict):
            return {name: shape(value) for name, value in text.items()}
        if isinstance(text, list):
            return [shape(value) for value in text]
        return sorted(re.findall(r"\{\w+\}", text))

    assert shape(english) == shape(japanese)


def test_every_text_of_the_script_is_used_and_there() -> None:
    texts = json.loads(response._file("texts/en.json"))["script"]
    used = set(re.findall(r"\btexts\.(\w+)", response._script()))
    assert used == set(texts)


def test_a_text_cannot_end_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = json.loads(response._file("texts/en.json"))
    texts["script"]["none"] = "</script><script>alert(1)</script>"
    texts["page"]["heading"] = "<b>`$url`"
    real = response._file

    def changed(name: str) -> str:
        return json.dumps(texts) if name == "texts/en.json" else real(name)

    monkeypatch.setattr(response, "_file", changed)
    response._parts.cache_clear()
    try:
        body = page()["body"]
    finally:
        response._parts.cache_clear()
    assert body.count("</script>") == 2
    assert "&lt;b&gt;<code>$url</code>" in body
