"""What a command's function receives and may answer.

It receives:

    {"version": 1, "command": "/hello", "text": "world", "team_id": "T…",
     "user": {"id": "U…", "name": "taro"}, "channel": {"id": "C…", "name": "ops"}, "request_id": "<execution name>",
     "arguments": {"service": "web"}}

`arguments` is that of `chatops_runtime.contracts.request`, and may be absent.

There is no response_url in it, on purpose: it is a secret, and delivery is the report function's work.

It may answer one of:

    null                                    "done", nothing more to say
    "text"                                  shown as plain text: `<!channel>` in it pings nobody
    {"text": "plain text"}                  the same
    {"mrkdwn": "*Slack's own markup*"}      shown as is; escaping what a user typed is then the function's work
    {"blocks": [...], "text": "fallback"}   Block Kit, shown as is; at most 50 blocks

and beside `text`, `mrkdwn` or `blocks`: `"visible": "user" | "channel"` for another audience than the command's own.
"""

VERSION = 1

MAX_BLOCKS = 50
"""https://docs.slack.dev/reference/block-kit/blocks: up to 50 blocks in a message."""
