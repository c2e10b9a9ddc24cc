"""What Slack's refusals are about: the message, or the way that it went.

https://docs.slack.dev/reference/methods/chat.postMessage#errors,
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

_OF_CONTENT = frozenset(
    {
        "attachment_payload_limit_exceeded",
        "block_mismatch",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_payload",
        "markdown_text_conflict",
        "missing_text_or_fallback_or_attachments",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
        "too_many_contact_cards",
    }
)

_OF_TOKEN = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})


def is_of_content(code: str) -> bool:
    """Whether Slack would take another message this way.

    Whatever is not known counts as a refusal of the way: on the next one the message may still arrive.
    """
    return code in _OF_CONTENT


def is_of_token(code: str) -> bool:
    """Whether another token could help: this one is not, or no longer, good."""
    return code in _OF_TOKEN
