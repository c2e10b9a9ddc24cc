"""Approval by two people of a group, confirmation, menus, turns."""

import aws_cdk as cdk

from chatops_constructs import (
    Allow,
    Approval,
    Choice,
    Concurrency,
    Ec2Targets,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

app = cdk.App()
stack = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
web = Ec2Targets.by_tag("Role", "web")
admins = Allow.user_group("S0123ADMINS")

slack.add_command(
    "/ops restart",
    # On up to two instances that are picked from a menu.
    RunScript('systemctl restart "$SERVICE"', targets=web.pick(max=2)),
    # A menu, if it is not typed.
    arguments=[Choice("service", ["nginx", "app"], help="what is restarted")],
    description="restarts a service",
    allow=Allow.channel("C0123OPS"),
    visible=Visibility.CHANNEL,
    # Two of them, within a quarter of an hour.
    approval=Approval(by=admins, channel="C0456APPROVALS", quorum=2, within=cdk.Duration.minutes(15)),
    # One restart at a time.
    concurrency=Concurrency.ONE,
)
slack.add_command(
    "/ops drop-caches",
    RunScript("sync && echo 3 > /proc/sys/vm/drop_caches", targets=web),
    description="empties the caches of the kernel",
    allow=admins,
    # Whoever typed it is asked if it is meant.
    confirm=True,
)
app.synth()
