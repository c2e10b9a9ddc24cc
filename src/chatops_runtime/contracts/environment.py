"""Names of the environment variables that the constructs set on our functions."""

ENDPOINT = "CHATOPS_ENDPOINT"
"""The physical name of the endpoint: the value of its metrics' dimension."""

TEAM_ID = "CHATOPS_TEAM_ID"
"""The one Slack workspace that the endpoint serves (`T…`)."""

APP_ID = "CHATOPS_APP_ID"
"""The one Slack app that the endpoint serves (`A…`)."""

SIGNING_SECRET_PARAMETER = "CHATOPS_SIGNING_SECRET_PARAMETER"  # noqa: S105 - the name of a variable, not a secret
"""The name of the SSM SecureString parameter that holds Slack's signing secret."""

OFF_SWITCH_PARAMETER = "CHATOPS_OFF_SWITCH_PARAMETER"
"""The name of the SSM String parameter of `chatops_runtime.contracts.off_switch`."""

CLIENT_CERTIFICATE_NAME = "CHATOPS_CLIENT_CERTIFICATE_NAME"
"""The name that the client's certificate has to have. Absent: requests come without mutual TLS."""

BOT_TOKEN_PARAMETER = "CHATOPS_BOT_TOKEN_PARAMETER"  # noqa: S105 - the name of a variable, not a secret
"""The name of the SSM SecureString parameter that holds the bot token. Absent: the endpoint has no bot token."""

CHANNEL_ID = "CHATOPS_CHANNEL_ID"
"""The conversation (`C…`, `G…`, `D…`) or person (`U…`, `W…`) to which a notifier posts."""

TURNS_TABLE = "CHATOPS_TURNS_TABLE"
"""The name of the DynamoDB table of `chatops_runtime.contracts.channel_turns`."""

DEAD_LETTER_QUEUE_URL = "CHATOPS_DEAD_LETTER_QUEUE_URL"
"""The URL of the SQS queue for what Slack refused."""

HANDLER = "CHATOPS_HANDLER"
"""`module.function` of a user's plain Python handler, for `chatops_runtime.command_function`."""

COMMAND_BUTTONS = "CHATOPS_COMMAND_BUTTONS"
"""`chatops_runtime.contracts.command_buttons` of a notifier. Absent: its notices have no buttons."""
