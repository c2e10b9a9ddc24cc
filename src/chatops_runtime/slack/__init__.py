"""What Slack sends and accepts: signatures, slash commands, response URLs, text, and the two ways to post.

`signature`, `slash_command`, `response_url` and `mrkdwn` are on the ack path: standard library only, and little of it.
"""
