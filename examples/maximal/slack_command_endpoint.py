"""An endpoint with all that can be said about it, both kinds of commands' names, and another app's beside it."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk.aws_cloudwatch_actions import SnsAction

from chatops_constructs import (
    Allow,
    Ec2Targets,
    EndpointAccess,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

app = cdk.App()
stack = cdk.Stack(app, "Ops")
key = kms.Key(stack, "Key", enable_key_rotation=True)
web = Ec2Targets.by_tag("Role", "web")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True, encryption_key=key),
    access=EndpointAccess.http_api(
        path="/slack/ops",
        throttle_rate=5,
        throttle_burst=10,
        access_log_group=logs.LogGroup(stack, "AccessLogs", retention=logs.RetentionDays.THREE_MONTHS),
    ),
    encryption_key=key,
    log_group=logs.LogGroup(stack, "Logs", retention=logs.RetentionDays.ONE_YEAR),
    audit_retention=logs.RetentionDays.FIVE_YEARS,
)
slack.alarms(
    actions=[SnsAction(sns.Topic(stack, "Mail", enforce_ssl=True))],
    ack_time=cdk.Duration.seconds(1),
    wrong_signatures=50,
)
slack.dashboard(dashboard_name="Ops")
slack.add_command(
    "/disk",
    RunScript("df -h /", targets=web),
    description="free disk space of the web servers",
    allow=Allow.workspace(),
    visible=Visibility.USER,
)
slack.add_command(
    "/ops restart",
    RunScript("systemctl restart nginx", targets=web),
    description="restarts nginx",
    allow=Allow.channel("C0123OPS"),
    visible=Visibility.CHANNEL,
)
slack.add_command(
    "/ops reload",
    RunScript("systemctl reload nginx", targets=web),
    description="has nginx read its configuration again",
    allow=Allow.user("U012AB3CD", "U034EF5GH"),
)
# For another app: one off-switch stops both, and one log group has the audit lines of both.
other = SlackCommandEndpoint(
    stack,
    "Other",
    workspace=SlackWorkspace.team("T012AB3CD", app="A056EF7GH"),
    credentials=SlackCredentials.from_parameters("/ops/other"),
    off_switch=slack.off_switch,
    audit_log_group=slack.audit_log_group,
)
other.add_command("/uptime", RunScript("uptime", targets=web), description="since when", allow=Allow.workspace())
app.synth()
