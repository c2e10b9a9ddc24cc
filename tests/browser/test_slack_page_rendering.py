"""mrkdwn and Block Kit as elements.

https://docs.slack.dev/messaging/formatting-message-text and https://docs.slack.dev/reference/block-kit/blocks
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tests.local.page.small_cloud import small_page

RENDER = """
async ([module, content]) => {
  const names = { user: (id) => ({ U1: "alex" })[id] ?? id, channel: (id) => ({ C1: "ops" })[id] ?? id };
  const render = await import(`/${module}.js`);
  const parent = document.createElement("div");
  parent.append(...render[module](content, names, { names, chosen: () => [] }).flat());
  return parent.innerHTML;
}
"""

Render = Callable[[Any], str]

PIECES = [
    *"*_~`<>|&;:/!@#^ \n\"'a1",
    *("```", "&lt;", "&amp;", "https://", "mailto:", "javascript:", "<@U1>", "<img src=x>", "!date^", "a b"),
]

LINK = 'target="_blank" rel="noopener noreferrer"'


@pytest.fixture(scope="module")
def evaluate(browser: Browser) -> Iterator[Callable[[str, Any], str]]:
    with small_page() as (_, server):
        page = browser.new_page(locale="en-GB", timezone_id="Asia/Tokyo")
        page.goto(server.url)
        yield lambda module, content: page.evaluate(RENDER, [module, content])
        page.close()


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("plain", "<p>plain</p>"),
        ("<!date^1392734382^{date_num} {time_secs}|18:39>", "<p>2014-02-18 23:39:42</p>"),
        ("<!date^1392734382^{date} at {time}|18:39>", "<p>18 February 2014 at 23:39</p>"),
        ("<!date^soon^{time}|18:39>, <!date^1^{x}|y>", "<p>18:39, {x}</p>"),
        ("*bold* _italic_ ~struck~", "<p><strong>bold</strong> <em>italic</em> <s>struck</s></p>"),
        ("*bold _and italic_*", "<p><strong>bold <em>and italic</em></strong></p>"),
        ("2*3*4 snake_case_name a~b~c", "<p>2*3*4 snake_case_name a~b~c</p>"),
        ("* no bold * and *", "<p>* no bold * and *</p>"),
        ("`*code*` `a &lt; b`", "<p><code>*code*</code> <code>a &lt; b</code></p>"),
        ("a &lt;b&gt; &amp;amp; &nbsp;", "<p>a &lt;b&gt; &amp;amp; &amp;nbsp;</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("one\ntwo", "<p>one\ntwo</p>"),
        ("&gt; said\n&gt;again\nno more", "<blockquote>said\nagain</blockquote><p>no more</p>"),
        (
            "<@U1> <@U2> <#C1> <#C9|general>",
            "".join(
                (
                    '<p><span class="mention">@alex</span> <span class="mention">@U2</span> ',
                    '<span class="mention">#ops</span> <span class="mention">#general</span></p>',
                )
            ),
        ),
        (
            "<!here> <!subteam^S1|@oncall>",
            '<p><span class="mention">@here</span> <span class="mention">@oncall</span></p>',
        ),
        ("<!date^1392734382^{date}|Feb 18>", "<p>18 February 2014</p>"),
        (
            "<https://a.example/?b=1&amp;c=2|the page>",
            f'<p><a href="https://a.example/?b=1&amp;c=2" {LINK}>the page</a></p>',
        ),
        ("see https://a.example/x", f'<p>see <a href="https://a.example/x" {LINK}>https://a.example/x</a></p>'),
        ("<javascript:alert(1)|x> <data:text/html,x>", "<p>&lt;javascript:alert(1)|x&gt; &lt;data:text/html,x&gt;</p>"),
        (":x: :no_such_emoji: 10:30:00", "<p>❌ :no_such_emoji: 10:30:00</p>"),
        ("```\na *b*\n  c\n```", '<pre tabindex="0"><code>a *b*\n  c</code></pre>'),
        ("before\n```x```\nafter", '<p>before</p><pre tabindex="0"><code>x</code></pre><p>after</p>'),
        ("```never closed", "<p>```never closed</p>"),
        ("`<!channel>`", '<p><code><span class="mention">@channel</span></code></p>'),
        ("constructor: :constructor:", "<p>constructor: :constructor:</p>"),
    ],
)
def test_mrkdwn(evaluate: Callable[[str, Any], str], text: str, markup: str) -> None:
    assert evaluate("mrkdwn", text) == markup


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_is_written_no_other_elements_come_of_it(evaluate: Callable[[str, Any], str], text: str) -> None:
    markup = evaluate("mrkdwn", text)
    assert set(re.findall(r"<(\w+)", markup)) <= {"p", "pre", "code", "strong", "em", "s", "a", "span", "blockquote"}
    assert all(url.startswith(("http", "mailto:")) for url in re.findall(r'href="([^"]*)"', markup))


@pytest.mark.parametrize("piece", ["`a` ", "<x>", "*b* ", "```c```", "\n", "*", "`"])
def test_as_long_as_slack_takes_it(evaluate: Callable[[str, Any], str], piece: str) -> None:
    assert evaluate("mrkdwn", piece * (40_000 // len(piece)))


@pytest.mark.parametrize(
    ("block", "inside"),
    [
        ({"type": "section", "text": {"type": "mrkdwn", "text": "*a*"}}, "<div><p><strong>a</strong></p></div>"),
        ({"type": "section", "text": {"type": "plain_text", "text": "*a*"}}, "<div>*a*</div>"),
        (
            {"type": "section", "fields": [{"type": "mrkdwn", "text": "a"}, {"type": "mrkdwn", "text": "b"}]},
            '<div class="fields"><div><p>a</p></div><div><p>b</p></div></div>',
        ),
        ({"type": "header", "text": {"type": "plain_text", "text": ":x: Alarm"}}, '<p class="heading">❌ Alarm</p>'),
        ({"type": "context", "elements": [{"type": "mrkdwn", "text": "_c_"}]}, "<span><p><em>c</em></p></span>"),
        ({"type": "divider"}, "<hr>"),
        (
            {"type": "markdown", "text": "# Title\n**b** [x](https://a.example)"},
            "".join(
                (
                    "<p><strong>Title</strong>\n<strong>b</strong> ",
                    f'<a href="https://a.example" {LINK}>x</a></p>',
                )
            ),
        ),
        (
            {"type": "image", "alt_text": "a graph", "image_url": "https://a.example/g.png"},
            '<span class="placeholder" title="https://a.example/g.png">[picture: a graph]</span>',
        ),
        ({"type": "video", "title": {}}, '<p class="placeholder">[video]</p>'),
    ],
)
def test_blocks(evaluate: Callable[[str, Any], str], block: dict[str, Any], inside: str) -> None:
    assert evaluate("blocks", [block]) == f'<div class="block {block["type"]}">{inside}</div>'


def test_controls(evaluate: Callable[[str, Any], str]) -> None:
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Deny"}, "style": "danger"}
    option = {"text": {"type": "plain_text", "text": "nginx"}, "value": "nginx"}
    placeholder = {"type": "plain_text", "text": "Service"}
    menu = {"type": "static_select", "action_id": "m", "placeholder": placeholder, "options": [option]}
    other = {"type": "datepicker", "action_id": "d", "placeholder": {"type": "plain_text", "text": "When"}}
    markup = evaluate("blocks", [{"type": "actions", "block_id": "b", "elements": [button, menu, other]}])
    assert '<span class="control"><button type="button" class="danger" data-key="b a">Deny</button></span>' in markup
    assert 'aria-haspopup="listbox" aria-expanded="false" data-key="b m" aria-label="Service"' in markup
    assert '<span class="placeholder">[When]</span>' in markup


def test_rich_text(evaluate: Callable[[str, Any], str]) -> None:
    section = {
        "type": "rich_text_section",
        "elements": [
            {"type": "text", "text": "a", "style": {"bold": True}},
            {"type": "user", "user_id": "U1"},
            {"type": "link", "url": "javascript:alert(1)", "text": "x"},
            {"type": "emoji", "name": "tada"},
        ],
    }
    items = {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "b"}]}],
    }
    code = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "c\n  d"}]}
    assert evaluate("blocks", [{"type": "rich_text", "elements": [section, items, code]}]) == (
        '<div class="block rich_text"><p><strong>a</strong><span class="mention">@alex</span>x🎉</p>'
        '<ul><li>b</li></ul><pre tabindex="0"><code>c\n  d</code></pre></div>'
    )


def test_a_table(evaluate: Callable[[str, Any], str]) -> None:
    rows = [[{"type": "raw_text", "text": text} for text in row] for row in (("name", "cpu"), ("web-1", "7"))]
    assert evaluate("blocks", [{"type": "table", "rows": rows}]) == (
        '<div class="block table"><table><thead><tr><th>name</th><th>cpu</th></tr></thead>'
        "<tbody><tr><td>web-1</td><td>7</td></tr></tbody></table></div>"
    )
