"""The line that dispatch logs about every request: what alarms, metric filters and the local cloud may rely on.

    {"level": "INFO", "event": "request", "outcome": "started", "status": 200, "milliseconds": 9, "request_id": "…",
     "team_id": "T…", "channel_id": "C…", "user_id": "U…", "command": "/ps", "execution": "<the execution's name>"}

`status` is the HTTP status. The ids, the command and the execution are there as far as the request was understood and
is genuine. A request that is none of Slack's, or of another app, has the reason as its outcome and a 4xx status.
"""

EVENT = "request"

STARTED = "started"
ALREADY_RECEIVED = "already_received"
HELP = "help"
UNKNOWN_COMMAND = "unknown_command"
NOT_ALLOWED = "not_allowed"
USAGE = "usage"
TEXT_TOO_LONG = "text_too_long"
START_REFUSED = "start_refused"
START_UNANSWERED = "start_unanswered"
INTERNAL_ERROR = "internal_error"

NOT_RUN = frozenset(
    {UNKNOWN_COMMAND, NOT_ALLOWED, USAGE, TEXT_TOO_LONG, START_REFUSED, START_UNANSWERED, INTERNAL_ERROR}
)
"""Outcomes of a command that somebody wanted to run, and that was answered instead."""

LEVEL_ERROR = frozenset({START_REFUSED, START_UNANSWERED, INTERNAL_ERROR})
"""Of these, what is no fault of whoever typed the command."""
