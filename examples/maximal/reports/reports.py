"""Links to reports, signed with a secret: whoever has the link may fetch the report, until it expires."""

import hashlib
import hmac
import time

from chatops_runtime import Reply, SlackCommand, read_secret

HOUR = 3_600


def own(command: SlackCommand) -> Reply:
    """A link into our own archive."""
    return _link("https://reports.example.com", command.text, read_secret("link-key"))


def partners(command: SlackCommand) -> Reply:
    """A link into a partner's archive, which has a key of its own."""
    return _link("https://partner.example.com", command.text, read_secret("partner-key"))


def _link(archive: str, name: str, key: str) -> Reply:
    path = f"/{name or 'latest'}?until={int(time.time()) + HOUR}"
    signature = hmac.new(key.encode(), path.encode(), hashlib.sha256).hexdigest()
    return Reply(f"{archive}{path}&signature={signature}")
