"""The line that dispatch logs about every request: what alarms, metric filters and the local cloud may rely on.

    {"level": "INFO", "event": "request", "outcome": "started", "status": 200, "milliseconds": 9, "request_id": "…",
     "team_id": "T…", "channel_id": "C…", "user_id": "U…", "command": "/ps", "id": "<the execution's name>",
     "_aws": {…}, "Endpoint": "…", "Reason": "started", "Received": 1, "AckTime": 9, "Started": 1}

`status` is the HTTP status. The ids and the command are there as far as the request was understood and is genuine; `id`
is what all lines about one command have in common, its execution's name. Of a click there is the `action` as well, of
`chatops_runtime.contracts.control`; a button that runs a command has that command's outcome, and `not_said` if nobody
could be commissioned to say so. A request that is none of Slack's, or of another app, has the reason as its outcome and
a 4xx status; a click that is lost for a reason of ours has the status 503. `not_audited` says why the audit line of a
refusal could not be commissioned.

Of an event the command is its name in the commands table and `id` Slack's id of it; a redelivery has `retry_num` and
`retry_reason` as well (https://docs.slack.dev/apis/events-api#retries). `ignored` says why nothing was started for one.
An event for which nothing could be started has the status 503, so that Slack delivers it again.

From `_aws` on it is metrics: `chatops_runtime.contracts.endpoint_metrics`.
"""

EVENT = "request"

STARTED = "started"
ALREADY_RECEIVED = "already_received"
CLICK = "click"
IGNORED_CLICK = "ignored_click"
URL_VERIFICATION = "url_verification"
IGNORED_EVENT = "ignored_event"
APP_RATE_LIMITED = "app_rate_limited"
HELP = "help"
UNKNOWN_COMMAND = "unknown_command"
SWITCHED_OFF = "switched_off"
OFF_SWITCH_UNUSABLE = "off_switch_unusable"
NOT_ALLOWED = "not_allowed"
USAGE = "usage"
TEXT_TOO_LONG = "text_too_long"
START_REFUSED = "start_refused"
START_UNANSWERED = "start_unanswered"
SECRET_MISSING = "secret_missing"  # noqa: S105 - the name of an outcome
INTERNAL_ERROR = "internal_error"

LEVEL_ERROR = frozenset({OFF_SWITCH_UNUSABLE, START_REFUSED, START_UNANSWERED, SECRET_MISSING, INTERNAL_ERROR})
"""Outcomes that are no fault of whoever typed the command."""

LEVEL_WARN = frozenset({APP_RATE_LIMITED})
"""Outcomes of good requests that somebody should know of: Slack keeps events from an app that has too many."""

REDELIVERED = LEVEL_ERROR - {OFF_SWITCH_UNUSABLE}
"""Outcomes of an event that Slack is to deliver again."""

NOT_RUN = LEVEL_ERROR | {UNKNOWN_COMMAND, SWITCHED_OFF, NOT_ALLOWED, USAGE, TEXT_TOO_LONG}
"""Outcomes of a command that somebody wanted to run, and that was answered instead."""

IGNORED = "ignored"
"""The fact that says why nothing was started for an event or an interaction."""

NO_HANDLER = "no_handler"
OF_THIS_APP = "of_this_app"
OF_A_BOT = "of_a_bot"
OTHER_CHANNEL = "other_channel"
OTHER_SUBTYPE = "other_subtype"
OTHER_TYPE = "other_type"

NOT_SAID = "not_said"
"""The fact that says why nobody tells who clicked what came of it."""

NOT_AUDITED = "not_audited"
"""The fact that says why a refusal's audit line could not be commissioned."""
