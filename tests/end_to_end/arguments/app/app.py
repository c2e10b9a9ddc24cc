"""Commands with an argument of each kind, for scripts and for functions, and values that are for some only."""

from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from chatops_constructs import (
    Allow,
    ChannelArg,
    Choice,
    Cidr,
    CommandFunction,
    DurationArg,
    Ec2Targets,
    Flag,
    Integer,
    InvokeFunction,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Text,
    TimeArg,
    UserArg,
)

COMMANDS = Path(__file__).parent / "commands"
ONE = Ec2Targets.by_tag("Role", "one")
OF_EACH_KIND = [
    Choice("service", ["nginx", "app"]),
    DurationArg("since", required=False),
    Integer("count", required=False, least=1, most=9),
    Cidr("range", required=False),
    UserArg("who", required=False),
    ChannelArg("room", required=False),
    TimeArg("until", required=False),
    Flag("dry_run"),
]


class Arguments(cdk.Stack):
    """A command for each way."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T0ARGS01", app="A0ARGS01"),
            credentials=SlackCredentials.from_parameters("/args", bot_token=True),
        )
        slack.add_command(
            "/ops restart",
            RunScript(
                'printf "%s/%s/%s/%s/%s/%s/%s/%s\\n" "$SERVICE" "$SINCE" "${COUNT-unset}" "$RANGE" "$WHO" "$ROOM" '
                '"$UNTIL" "$DRY_RUN"',
                targets=ONE,
            ),
            description="restarts a service",
            allow=Allow.workspace(),
            arguments=OF_EACH_KIND,
            aliases=["/restart"],
        )
        # What a shell would act on is counted by its bytes; a file tells if anything was executed.
        slack.add_command(
            "/note",
            RunScript('printf %s "$WHY" | od -An -v -tx1 | tr -d " \\n"; echo; ls "$HOME"', targets=ONE),
            description="notes something",
            allow=Allow.workspace(),
            arguments=[Text("why", rest=True)],
        )
        slack.add_command(
            "/typed",
            InvokeFunction(CommandFunction(self, "Typed", entry=COMMANDS, handler="typed.tell")),
            description="tells what it was given",
            allow=Allow.workspace(),
            arguments=OF_EACH_KIND,
        )
        slack.add_command(
            "/deploy",
            RunScript('echo "deployed to $STAGE"', targets=ONE),
            description="deploys",
            allow=Allow.workspace().when("stage", "dev") | Allow.user("U0BOSS").when("stage", "prod"),
            arguments=[Choice("stage", ["dev", "prod"])],
        )
        slack.add_command(
            "/offer",
            InvokeFunction(CommandFunction(self, "Offer", entry=COMMANDS, handler="typed.offer")),
            description="offers a button",
            allow=Allow.workspace(),
            arguments=[Text("line", rest=True)],
        )


app = cdk.App()
Arguments(app, "Arguments")
app.synth()
