"""Commands with arguments of every kind, each with all that can be said about it."""

import aws_cdk as cdk

from chatops_constructs import (
    Allow,
    ChannelArg,
    Choice,
    Cidr,
    DurationArg,
    Ec2Targets,
    Flag,
    Integer,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Text,
    TimeArg,
    UserArg,
)

app = cdk.App()
stack = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
web = Ec2Targets.by_tag("Role", "web")
# /ops logs [--service nginx|app] [--since 1h] [--lines 100] [--errors]
slack.add_command(
    "/ops logs",
    RunScript(
        script="""
        case $SINCE in
            -*) since=$(($(date +%s) + SINCE)) ;;
            *) since=$(date -d "$SINCE" +%s) ;;
        esac
        [ "$ERRORS" = true ] && priority=err || priority=info
        journalctl --unit "$SERVICE" --since "@$since" --lines "$LINES" --priority "$priority"
        """,
        targets=web,
    ),
    arguments=[
        Choice("service", ["nginx", "app"], default="nginx", required=False, help="whose lines"),
        TimeArg("since", default=cdk.Duration.hours(1), required=False, help="the oldest line"),
        Integer("lines", least=1, most=1000, default=100, required=False, help="at most so many"),
        Flag("errors", help="errors only"),
    ],
    aliases=["/logs", "/ops log"],
    description="what a service says",
    allow=Allow.workspace(),
)
# /ops let-in <@whom> <source> [--lasting 8h] [--tell #tell] [--ticket text] [reason …]
slack.add_command(
    "/ops let-in",
    RunScript('/srv/vpn/let-in "$WHOM" "$SOURCE" "$LASTING" "$TELL" "${TICKET-}" "${REASON-}"', targets=web),
    arguments=[
        UserArg("whom", default=None, required=True, help="who is let in"),
        Cidr("source", family=4, default=None, required=True, help="from where"),
        DurationArg(
            "lasting",
            least=cdk.Duration.minutes(10),
            most=cdk.Duration.days(1),
            default=cdk.Duration.hours(8),
            required=False,
            help="for how long",
        ),
        ChannelArg("tell", default="C0123OPS", required=False, help="where it is told"),
        Text("ticket", pattern=r"OPS-\d{1,6}", longest=20, required=False, help="why, in a number"),
        Text("reason", rest=True, default=None, required=False, help="why, in words"),
    ],
    description="lets somebody into the VPN",
    allow=Allow.channel("C0123OPS"),
)
app.synth()
