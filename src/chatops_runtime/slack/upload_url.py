"""Is an upload URL Slack's own?

It comes in an answer of Slack's, but what is posted there is the output of commands: it goes to Slack or nowhere.
"""

from __future__ import annotations

import re

HOST = "files.slack.com"
"""https://docs.slack.dev/messaging/working-with-files#upload"""

GOV_HOST = "files.slack-gov.com"
"""https://docs.slack.dev/govslack"""

_SHAPE = re.compile(r"https://(?P<host>[a-z0-9.-]+)/[A-Za-z0-9/_.~=&?%+-]+", re.ASCII)


def is_of_slack(url: object, *, gov: bool) -> bool:
    """Whether `url` leads to Slack's host for files: of GovSlack, or of everybody else."""
    match = _SHAPE.fullmatch(url) if isinstance(url, str) else None
    return match is not None and match["host"] == (GOV_HOST if gov else HOST)
