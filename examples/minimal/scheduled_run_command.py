"""A script on every web server, once an hour."""

import aws_cdk as cdk
from aws_cdk.aws_scheduler import ScheduleExpression

from chatops_constructs import Ec2Targets, ScheduledRunCommand

app = cdk.App()
stack = cdk.Stack(app, "Batch")
ScheduledRunCommand(
    stack,
    "CleanUp",
    schedule=ScheduleExpression.rate(cdk.Duration.hours(1)),
    targets=Ec2Targets.by_tag("Role", "web"),
    script="find /srv/app/tmp -mtime +7 -delete",
)
app.synth()
