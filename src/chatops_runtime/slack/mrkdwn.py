"""Text for Slack's own markup: escaped, in code, in fences that nothing inside can close.

https://docs.slack.dev/messaging/formatting-message-text: `&`, `<` and `>` are the three to escape. That alone makes
`<!channel>`, `<@U…>` and links harmless. `clean` in `plain_text` is for text that may hold terminal escapes as well.
"""

from __future__ import annotations

# MODIFIER LETTER GRAVE ACCENT looks like a backtick and ends nothing. A visible stand-in, not a zero-width character
# between backticks, since people copy commands out of messages.
_BACKTICK_STAND_IN = "\u02cb"
_FENCE = "```"


def escape(text: str) -> str:
    """`text` so that Slack shows it as it is: it mentions nobody and links nowhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """`text` in Slack's markup as people read it where there is no markup."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def literal(text: str) -> str:
    """`text` escaped, on one line, and without backticks, so that it neither begins nor ends code around it."""
    return escape(" ".join(text.split()).replace("`", _BACKTICK_STAND_IN))


def code(text: str) -> str:
    """`text` as inline code, on one line."""
    return f"`{literal(text) or ' '}`"


def preformatted(text: str) -> str:
    """`text` between fences, with whatever could close them made harmless."""
    return f"{_FENCE}\n{escape(text.replace(_FENCE, _BACKTICK_STAND_IN * 3))}\n{_FENCE}"


def fences_closed(pages: list[str]) -> list[str]:
    """One text in pages, of which each closes the fence that it leaves open, and the next one opens it again."""
    closed, is_open = [], False
    for page in pages:
        opened = f"{_FENCE}\n{page}" if is_open else page
        is_open = opened.count(_FENCE) % 2 == 1
        closed.append(f"{opened}\n{_FENCE}" if is_open else opened)
    return closed


def user(user_id: str) -> str:
    """A mention of a user. `user_id` has to be a Slack id."""
    return f"<@{user_id}>"


def user_group(group_id: str) -> str:
    """A mention of a user group, which notifies all of it. `group_id` has to be a Slack id."""
    return f"<!subteam^{group_id}>"


def channel(channel_id: str) -> str:
    """A link to a channel. `channel_id` has to be a Slack id."""
    return f"<#{channel_id}>"
