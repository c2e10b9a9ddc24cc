"""What a bot's state machine hands to the function that posts, and what that answers.

    {"version": 1,
     "bot": "Ops/Standup",                  the construct's path
     "id": "<the execution's name>",
     "channel_id": "C…",
     "reply": …                             what the bot's function answered: chatops_runtime.contracts.reply
     "notice": {…}                          instead of it: chatops_runtime.contracts.run_notice
     "said": 0,                             what earlier invocations posted: their answers' `said`
     "tries": 0}                            how many earlier invocations there were

The answer:

    {"done": true, "said": 1}               it is posted; 0: there was nothing to say
    {"done": true, "said": 0, "error": "SlackRefused", "cause": "…"}        it can never be posted
    {"done": false, "said": 0, "retry_after": 30, "detail": "Slack … HTTP 503"}

`done` is false when Slack is busy or away: invoke again in `retry_after` seconds (1 to `report.MOST_RETRY_AFTER`) with
this `said` and one more in `tries`, so that nothing is said twice.
"""

VERSION = 1

NO_REPLY = "NoReply"
"""The bot's function answered what is no reply."""

SLACK_REFUSED = "SlackRefused"
"""Slack takes the message neither now nor later, or the bot token cannot be read."""

NAMESPACE = "ChatOpsConstructs/ScheduledSlackBot"
"""Of the metrics in the function's log; their one dimension is the bot's path."""

DIMENSION = "Bot"

POSTED = "Posted"
"""A 1 for each reply that Slack took."""

NOT_POSTED = "NotPosted"
"""A 1 for each reply that can never be posted."""
