"""What a command's state machine asks the authorize function: may this user do it, with what only Slack knows?

    {
      "version": 1,
      "id": "<the execution's name>",
      "rule": {…},                          chatops_runtime.contracts.commands_table
      "user_id": "U…", "channel_id": "C…", "team_id": "T…",
      "arguments": {…},                     of the request, all menus answered
      "gov": false                          whether the workspace is GovSlack's; false if it is not said
    }

The answer:

    {"allowed": true, "who_may": "members of `S…`", "why": "", "detail": ""}
    {"allowed": false, "who_may": "members of `S…`", "why": "slack_unavailable", "detail": "Slack … HTTP 503"}

Both `who_may` and `detail` are in Slack's markup, for a message that others may see, and hold no secret. `detail` is
what Slack, or AWS on the way to the bot token, said; it is empty when the answer is known. Whom Slack does not vouch
for, nobody lets: `why` says then that it is not the rule that refused.
"""

from __future__ import annotations

VERSION = 1

NOT_ALLOWED = "not_allowed"
"""The rule does not let the user."""

SLACK_UNAVAILABLE = "slack_unavailable"
"""Slack was busy or away: to ask again later may help."""

SLACK_REFUSED = "slack_refused"
"""Slack does not tell this app, for want of a scope or a token for instance: somebody has to repair that."""
