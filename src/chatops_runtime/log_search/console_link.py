"""A search as a page of the AWS console: Logs Insights, with the groups, the time and the query filled in.

AWS documents the page's address nowhere. What the console makes of it: https://stackoverflow.com/a/62465070 and
https://stackoverflow.com/a/69816735. A link that it no longer understands opens an empty Logs Insights.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.log_search.window import Window

LONGEST = 3_000
"""Characters. A longer link is none: it would take the room of what it leads to."""

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html names the partitions; the consoles:
# https://docs.amazonaws.cn/en_us/aws/latest/userguide/introduction.html,
# https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/getting-started-sign-in.html
_CONSOLES = {"cn": "console.amazonaws.cn", "us-gov": "console.amazonaws-us-gov.com"}
_OTHERS = re.compile(r"(?P<partition>cn|us-gov)-")


def link(region: str, names: Sequence[str], query: str, window: Window) -> str:
    """The address, or nothing if it is too long for one.

    Args:
        region: The region.
        names: The log groups.
        query: The query.
        window: From when until when.
    """
    groups = "".join(f"~'{_value(name)}" for name in names)
    detail = (
        f"~(end~'{_value(_time(window.until))}~start~'{_value(_time(window.since))}~timeType~'ABSOLUTE~tz~'UTC"
        f"~editorString~'{_value(query)}~isLiveTail~false~source~({groups}))"
    )
    other = _OTHERS.match(region)
    console = _CONSOLES[other["partition"]] if other else "console.aws.amazon.com"
    # Python lets `~` pass, the console does not.
    fragment = quote(f"?queryDetail={quote(detail, safe='*').replace('~', '%7E')}", safe="*").replace("%", "$")
    url = f"https://{region}.{console}/cloudwatch/home?region={region}#logsV2:logs-insights{fragment}"
    return url if len(url) <= LONGEST else ""


def _value(text: str) -> str:
    """A text within the page's own notation: `*` and two digits for what is no letter or digit."""
    return quote(text, safe="-_.").replace("~", "%7E").replace("%", "*")


def _time(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
