"""What a message may look like, and which text each protocol gets.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

from __future__ import annotations

import json
import re

MAXIMUM_BYTES = 256 * 1024
"""Of a message with its attributes: https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html"""

_MAXIMUM_SUBJECT = 99
# "ASCII text that begins with a letter, number, or punctuation mark; must not include line breaks or control
# characters; and must be less than 100 characters long"
_SUBJECT = re.compile(rf"[!-~][ -~]{{0,{_MAXIMUM_SUBJECT - 1}}}")


def subject_problem(subject: str) -> str | None:
    """Why SNS refuses a subject; None if it takes it."""
    return None if not subject or _SUBJECT.fullmatch(subject) else "Invalid parameter: Subject"


def message_problem(message: str, structure: str) -> str | None:
    """Why SNS refuses a message; None if it takes it."""
    if not message:
        return "Invalid parameter: Empty message"
    if structure not in ("", "json"):
        return "Invalid parameter: MessageStructure"
    if structure != "json":
        return None
    try:
        parsed = json.loads(message)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        return "Invalid parameter: Message Structure - JSON message body failed to parse"
    if not isinstance(parsed.get("default"), str):
        return "Invalid parameter: Message Structure - No default entry in JSON message body"
    return None


def texts(message: str, structure: str) -> dict[str, str]:
    """The text by protocol; what has none of its own gets that of ``default``.

    "Non-string values will cause the key to be ignored."
    """
    if structure != "json":
        return {"default": message}
    return {protocol: text for protocol, text in json.loads(message).items() if isinstance(text, str)}


def text_for(protocol: str, by_protocol: dict[str, str]) -> str:
    """The text that subscriptions of a protocol get."""
    return by_protocol.get(protocol, by_protocol["default"])
