"""What Slack sends and accepts: signatures, slash commands, response URLs, text and its limits, and how to post.

`signature`, `slash_command`, `response_url` and `mrkdwn` are on the ack path: standard library only, and little of it.
"""
