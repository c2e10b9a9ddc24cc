"""What text does beyond being read: whom it notifies and which links it carries.

Slack acts on `<…>` control sequences wherever it meets them unescaped, code spans included
(https://docs.slack.dev/messaging/formatting-message-text). Whether a mention in the fallback `text` of a message with
blocks notifies is not documented: the double says yes, so that a test errs on the safe side.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_MENTION = re.compile(r"<(!channel|!here|!everyone|@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+)(?:\|[^<>]*)?>")
_BARE_MENTION = re.compile(r"(?<![\w<!])@(channel|here|everyone)\b")
_LINK = re.compile(r"<(https?://[^|<>]+)(?:\|[^<>]*)?>|(?<![|<\w])(https?://[^\s<>|]+)")

_CONTROL = re.compile(r"<(?P<target>[!@#][^|<>]+|https?://[^|<>]+|mailto:[^|<>]+)(?:\|(?P<label>[^<>]*))?>")


def notified(payload: dict[str, Any]) -> tuple[str, ...]:
    """The mentions in a message that would notify somebody, such as `<!channel>` or `<@U012AB>`, each once."""
    texts = list(_active_texts(payload))
    found = [f"<{match}>" for text in texts for match in _MENTION.findall(text)]
    if payload.get("parse") == "full" or payload.get("link_names"):
        found += [f"<!{match}>" for text in texts for match in _BARE_MENTION.findall(text)]
    return tuple(dict.fromkeys(found))


def unfurled(payload: dict[str, Any]) -> tuple[str, ...]:
    """The links of which Slack may show a preview.

    What kind of page a link leads to is not known here, so a link counts unless the message switches off both
    `unfurl_links` and `unfurl_media` (https://docs.slack.dev/messaging/unfurling-links-in-messages).
    """
    if payload.get("unfurl_links") is False and payload.get("unfurl_media") is False:
        return ()
    found = [tagged or bare for text in _active_texts(payload) for tagged, bare in _LINK.findall(text)]
    return tuple(dict.fromkeys(found))


def escaped(text: str) -> str:
    """What somebody has typed, as Slack sends it (https://docs.slack.dev/messaging/formatting-message-text#escaping)."""
    return html.escape(text, quote=False)


def plain(text: str) -> str:
    """`text` as it looks on the screen: real mentions as `@name`, links as `label (url)`, entities decoded.

    Of dates it has what is shown to clients that know none, so that it is the same everywhere.
    """
    return html.unescape(_CONTROL.sub(_as_seen, text))


def _as_seen(control: re.Match[str]) -> str:
    target, label = control["target"], control["label"]
    if target.startswith("!date^"):
        return label or target
    if target.startswith(("!", "@", "#")):
        return (target[0].replace("!", "@") + label) if label else target.replace("!subteam^", "@").replace("!", "@")
    return f"{label} ({target})" if label else target


def _active_texts(payload: dict[str, Any]) -> Iterator[str]:
    """Every text of a message in which control sequences count: `plain_text` objects are shown as they are."""
    yield str(payload.get("text") or "")
    for block in payload.get("blocks") or []:
        yield from _texts_in(block)


def _texts_in(part: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a block's JSON
    if isinstance(part, list):
        for each in part:
            yield from _texts_in(each)
    elif isinstance(part, dict):
        yield from _text_of(part)
        for each in part.values():
            yield from _texts_in(each)


def _text_of(part: dict[str, Any]) -> Iterator[str]:
    match part:
        case {"type": "mrkdwn" | "markdown", "text": str(text)}:
            yield text
        case {"type": "user", "user_id": str(user)}:
            yield f"<@{user}>"
        case {"type": "usergroup", "usergroup_id": str(group)}:
            yield f"<!subteam^{group}>"
        case {"type": "broadcast", "range": str(audience)}:
            yield f"<!{audience}>"
        case {"type": "link", "url": str(url)}:
            yield f"<{url}>"
