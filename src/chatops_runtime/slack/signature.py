"""Is a request from Slack? Slack's v0 signature over the raw body.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hmac
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

SIGNATURE_HEADER = "x-slack-signature"
TIMESTAMP_HEADER = "x-slack-request-timestamp"

TOLERANCE_SECONDS = 300
"""Slack's own figure for replays. It holds in both directions: a timestamp from the future is no better."""

SIGNATURE_MISSING = "signature_missing"
TIMESTAMP_MISSING = "timestamp_missing"
TIMESTAMP_NOT_A_NUMBER = "timestamp_not_a_number"
TIMESTAMP_OUT_OF_RANGE = "timestamp_out_of_range"
SECRET_UNUSABLE = "secret_unusable"  # noqa: S105 - the name of a refusal
SIGNATURE_WRONG = "signature_wrong"

_LONGEST_TIMESTAMP = 12
_SHORTEST_SECRET = 16
_FEWEST_DISTINCT_CHARACTERS = 6
_SECRET_PUNCTUATION = frozenset("+/=_.-")
_PLACEHOLDERS = (
    "changeme",
    "changethis",
    "replaceme",
    "replacethis",
    "placeholder",
    "dummy",
    "todo",
    "xxxx",
    "yoursign",
)


def refusal(
    headers: Mapping[str, str], body: bytes, secrets: Iterable[str], clock: Callable[[], float] = time.time
) -> str | None:
    """Why the request is not accepted as Slack's: one of this module's names, or None when one of `secrets` signed it.

    Args:
        headers: The request's headers, names in lower case.
        body: The body's bytes as Slack sent them.
        secrets: The signing secrets to accept. Unusable ones (see `is_usable`) are left out.
        clock: The time in seconds since 1970.
    """
    timestamp, signature = headers.get(TIMESTAMP_HEADER), headers.get(SIGNATURE_HEADER)
    if not timestamp:
        return TIMESTAMP_MISSING
    if not signature:
        return SIGNATURE_MISSING
    # `isdigit` alone holds for "²" and for Arabic digits; a long one would cost int() time, or raise.
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return TIMESTAMP_NOT_A_NUMBER
    if abs(clock() - int(timestamp)) > TOLERANCE_SECONDS:
        return TIMESTAMP_OUT_OF_RANGE
    usable = [secret.strip() for secret in secrets if is_usable(secret)]
    if not usable:
        return SECRET_UNUSABLE
    # Bytes, since compare_digest raises for text outside ASCII; every secret is tried, whichever matches.
    given = signature.encode("utf-8", "replace")
    matches = [hmac.compare_digest(sign(secret, timestamp, body).encode(), given) for secret in usable]
    return None if any(matches) else SIGNATURE_WRONG


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of Slack's signature header for `body` sent at `timestamp`."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, "sha256").hexdigest()


def is_usable(secret: str) -> bool:
    """Whether `secret` can be a signing secret at all, rather than something that waits to be replaced by one.

    Slack's are 32 hexadecimal characters, but that is nowhere promised, so only what is clearly none is refused: too
    short, a few characters repeated, blanks or brackets inside, a placeholder's words. Anybody could sign with those.
    """
    secret = secret.strip()
    plain = all(
        character.isascii() and (character.isalnum() or character in _SECRET_PUNCTUATION) for character in secret
    )
    if not plain or len(secret) < _SHORTEST_SECRET or len(set(secret)) < _FEWEST_DISTINCT_CHARACTERS:
        return False
    letters = "".join(filter(str.isalpha, secret.lower()))
    return not any(word in letters for word in _PLACEHOLDERS)
