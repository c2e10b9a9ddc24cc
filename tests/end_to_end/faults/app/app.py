"""Two endpoints for the fault matrix: one whose Slack app has a bot token, one whose app has none."""

from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from chatops_constructs import (
    Allow,
    CommandFunction,
    Ec2Targets,
    InvokeFunction,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

COMMANDS = Path(__file__).parent / "commands"

# Leaves a line for each run. While there is a file `hold`, it has not come to its end.
SCRIPT = """\
echo "$CHATOPS_REQUEST_ID" >> "$HOME/runs"
while [ -e "$HOME/hold" ]; do sleep 0.05; done
echo "the result of a script"
"""
# Does not come to its end before there is a file `go`.
PATIENT_SCRIPT = """\
echo "$CHATOPS_REQUEST_ID" >> "$HOME/runs"
while [ ! -e "$HOME/go" ]; do sleep 0.05; done
echo "the result of a script"
"""
LONG_SCRIPT = f"""{SCRIPT}
seq -f "line %g of a long result" 1 600
"""
SCRIPTS = [
    ("/script", SCRIPT, "one"),
    ("/long", LONG_SCRIPT, "one"),
    ("/patient", PATIENT_SCRIPT, "one"),
    # Each on an instance of its own, which does not survive it.
    ("/patient-a", PATIENT_SCRIPT, "a"),
    ("/patient-b", PATIENT_SCRIPT, "b"),
]


class Faults(cdk.Stack):
    """The same commands at both endpoints."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        function = CommandFunction(
            self, "Worker", entry=COMMANDS, handler="worker.handle", timeout=cdk.Duration.seconds(2)
        )
        for name, app_id, bot_token in (("Plain", "A0PLAIN1", False), ("Bot", "A0BOT001", True)):
            endpoint = SlackCommandEndpoint(
                self,
                name,
                workspace=SlackWorkspace.team("T0FAULTS", app=app_id),
                credentials=SlackCredentials.from_parameters(f"/faults/{name.lower()}", bot_token=bot_token),
            )
            endpoint.add_command(
                "/function",
                InvokeFunction(function),
                description="a function",
                allow=Allow.workspace(),
                visible=Visibility.CHANNEL,
            )
            endpoint.alarms()
            for command, text, target in SCRIPTS:
                endpoint.add_command(command, script(text, target), description=command, allow=Allow.workspace())


def script(text: str, target: str) -> RunScript:
    """On an instance, with time enough for a slow machine at the tests' time scale."""
    return RunScript(
        text,
        targets=Ec2Targets.by_tag("Role", target),
        timeout=cdk.Duration.minutes(5),
        delivery_timeout=cdk.Duration.minutes(2),
    )


app = cdk.App()
Faults(app, "Faults")
app.synth()
