"""What a state machine hands to the log search function, and what that answers.

    {
      "version": 1,
      "id": "<the execution's name>",
      "groups": [{"name": "/aws/lambda/orders", "label": "orders"}, …],      the log groups, and what people call them
      "arguments": {"text": "8f0c…", "since": "-10800", "until": "2026-11-22T10:00:00Z", "group": "orders"},
                                                        what was typed; without `group` all of them are searched
      "started_at": "2026-11-22T01:03:50.123Z",         the execution's StartTime
      "correlation": ["1-[0-9a-f]{8}-[0-9a-f]{24}"],    what is followed from the lines found into other groups
      "insights_above": {"groups": 50, "bytes": 1073741824},    with more than that, Logs Insights searches
      "seconds": 6,                                     how long it may search now
      "is_last": false,                                 whether what is not searched by then is left out
      "cursor": {…}                                     what an earlier answer had; absent in the first invocation
    }

The answer:

    {"over": true, "result": {…}}
    {"over": false, "result": {…of what there is so far…}, "cursor": {…}}

A result:

    {"kind": "log_search", "ok": true,                  false: nothing could be searched
     "term": "8f0c…", "keys": ["1-…"],                  what was searched for, and which keys were followed
     "since": 1763769830123, "until": 1763773430123,    milliseconds
     "over": true,                                      false: there is more to come
     "problem": "",                                     why nothing was searched at all, in words
     "lines": [{"at": 1763769830123, "group": 0, "text": "ERROR …", "error": true, "left_out": 12}, …],
                                                        in order of time; `group` is an index into `groups`;
                                                        `error` and `left_out` (lines in front of it) if they apply
     "left_out": 3,                                     lines behind the last one
     "groups": [{"name": "/aws/lambda/orders", "label": "orders", "found": 23, "errors": 1, "left_out": 15,
                 "finished": true, "problem": ""}, …],  problem: why it could not be read, in words
     "beyond": 0,                                       lines of which Logs Insights told their number only
     "link": "https://…"}                               the search in the console; or ""
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    class _AnyLine(TypedDict):
        at: int
        group: int
        text: str

    class FoundLine(_AnyLine, total=False):
        """A line of the time line."""

        error: bool
        left_out: int

    class SearchedGroup(TypedDict):
        """What became of one log group."""

        name: str
        label: str
        found: int
        errors: int
        left_out: int
        finished: bool
        problem: str

    class LogSearchResult(TypedDict):
        """What was found."""

        kind: str
        ok: bool
        term: str
        keys: list[str]
        since: int
        until: int
        over: bool
        problem: str
        lines: list[FoundLine]
        left_out: int
        groups: list[SearchedGroup]
        beyond: int
        link: str


VERSION = 1

KIND = "log_search"
"""The kind of its results, among those of `chatops_runtime.contracts.report`."""

TERM = "text"
SINCE = "since"
UNTIL = "until"
GROUP = "group"
"""The arguments."""

LONGEST_TERM = 200
"""Characters. A filter pattern has 1,024 at most:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html"""

MOST_GROUPS = 100
"""As many as a menu of Slack's has options, and two queries of Logs Insights search."""
