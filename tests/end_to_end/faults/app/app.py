"""For the fault matrix: an endpoint with a bot token that is mentioned too, one without, and scheduled bots."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from aws_cdk.aws_scheduler import ScheduleExpression
from constructs import Construct

from chatops_constructs import (
    Allow,
    BotFunction,
    CommandFunction,
    Ec2Targets,
    InvokeFunction,
    RunScript,
    ScheduledSlackBot,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

COMMANDS = Path(__file__).parent / "commands"
BOTS = Path(__file__).parent / "bots"

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
            if bot_token:
                listener = BotFunction(self, "Listener", entry=BOTS, handler="listener.answer")
                endpoint.add_event_handler("app_mention", listener, description="answers", allow=Allow.workspace())
            for command, text, target in SCRIPTS:
                endpoint.add_command(command, script(text, target), description=command, allow=Allow.workspace())
        mail = sns.Topic(self, "Mail")
        for name, handler, on_failure in (
            ("Herald", "announce", [mail]),
            ("Grumbler", "complain", [mail]),
            ("Loner", "announce", []),
        ):
            ScheduledSlackBot(
                self,
                name,
                # Tests start it; by simulated time it is not due.
                schedule=ScheduleExpression.cron(minute="0", hour="0", day="1", month="1"),
                handler=BotFunction(self, f"{name}Function", entry=BOTS, handler=f"herald.{handler}"),
                channel="C0HERALD",
                failure_channel="C0FAILED",
                on_failure=on_failure,
                credentials=SlackCredentials.from_parameters("/faults/bots", bot_token=True),
            )


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
