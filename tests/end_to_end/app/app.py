"""Commands that behave in every way that the end-to-end tests ask for."""

import os
from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from chatops_constructs import (
    Allow,
    CommandFunction,
    Ec2Targets,
    EndpointAccess,
    InvokeFunction,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

HERE = Path(__file__).parent
EVERYBODY = Allow.workspace()
WEB = Ec2Targets.by_tag("Role", "web")
ONE = Ec2Targets.by_tag("Role", "one")
SCRIPTS = {
    "/ok": 'echo "hello from $HOSTNAME"',
    # The version is set by the test that deploys a second one.
    "/version": f"echo version {os.environ.get('SCRIPT_VERSION', 'one')}",
    "/quick": "sleep 0.1; echo quick",
    # 30 seconds at the tests' time scale of 0.05.
    "/slow": "sleep 1.5; echo slow",
    "/nasty": "printf '<!channel> <@U0123ABC> &amp; \\033[31mred\\033[0m \\342\\200\\256evil ```\\n*bold* ``` end'",
    "/big": "yes 0123456789abcdef | head -c 30000",
    "/fail": "echo some output; echo what went wrong >&2; exit 3",
    "/silent": "true",
}


class EndToEnd(cdk.Stack):
    """One endpoint with many commands, and a second one behind a function URL."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        first = SlackCommandEndpoint(
            self,
            "First",
            workspace=SlackWorkspace.team("T0FIRST1", app="A0FIRST1"),
            credentials=SlackCredentials.from_parameters("/end-to-end/first"),
        )
        for name, script in SCRIPTS.items():
            first.add_command(name, RunScript(script, targets=ONE), description=f"test {name}", allow=EVERYBODY)
        first.add_command(
            "/both",
            RunScript('echo "on $HOSTNAME"', targets=WEB),
            description="on both",
            allow=EVERYBODY,
            visible=Visibility.CHANNEL,
        )
        first.add_command(
            "/tricky", RunScript(script_file=HERE / "tricky.sh", targets=ONE), description="tricky", allow=EVERYBODY
        )
        first.add_command(
            "/echo",
            RunScript(
                'printf "[%s] [%s] [%s]" "$CHATOPS_TEXT" "$CHATOPS_USER_ID" "$CHATOPS_COMMAND"',
                targets=ONE,
                accepts_text=True,
            ),
            description="says what was typed",
            allow=EVERYBODY,
        )
        first.add_command(
            "/hang",
            RunScript("sleep 60", targets=ONE, timeout=cdk.Duration.seconds(10)),
            description="runs into its timeout",
            allow=EVERYBODY,
        )
        first.add_command(
            "/nobody",
            RunScript("true", targets=Ec2Targets.by_tag("Role", "nobody")),
            description="no such instance",
            allow=EVERYBODY,
        )
        first.add_command(
            "/asleep",
            RunScript("true", targets=Ec2Targets.by_tag("Role", "asleep")),
            description="offline instances only",
            allow=EVERYBODY,
        )
        first.add_command(
            "/mixed",
            RunScript("echo awake", targets=Ec2Targets.by_tag("Role", "one", "asleep")),
            description="online and offline instances",
            allow=EVERYBODY,
        )
        first.add_command(
            "/by-id",
            RunScript("echo here", targets=Ec2Targets.by_ids("i-0123456789abcdef0")),
            description="one instance by its id",
            allow=EVERYBODY,
        )
        first.add_command(
            "/private", RunScript("true", targets=ONE), description="ops only", allow=Allow.channel("C0OPERATIONS")
        )
        first.add_command("/ops who", self.function("Who", "functions.who"), description="who asks", allow=EVERYBODY)
        first.add_command("/broken", self.function("Broken", "functions.broken"), description="fails", allow=EVERYBODY)
        second = SlackCommandEndpoint(
            self,
            "Second",
            workspace=SlackWorkspace.team("T0SECOND", app="A0SECOND"),
            credentials=SlackCredentials.from_parameters("/end-to-end/second", bot_token=True),
            access=EndpointAccess.function_url(),
        )
        second.add_command("/ok", RunScript("echo second", targets=ONE), description="the same name", allow=EVERYBODY)

    def function(self, id: str, handler: str) -> InvokeFunction:
        """A handler as an action."""
        return InvokeFunction(CommandFunction(self, id, entry=HERE / "commands", handler=handler))


app = cdk.App()
EndToEnd(app, "EndToEnd")
app.synth()
