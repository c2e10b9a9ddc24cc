"""The app under load: a function by a command and by a sub-command, a script, and what nobody may run here."""

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

HERE = Path(__file__).parent
SIGN = """
echo "$CHATOPS_REQUEST_ID" >> signatures
echo "signed $CHATOPS_TEXT"
"""


class Loaded(cdk.Stack):
    """Commands that leave a trace, one that takes no text, and one for another channel."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment | None = None) -> None:
        """Define the endpoint and what its commands run."""
        super().__init__(scope, id, env=env)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
            credentials=SlackCredentials.from_parameters("/load"),
        )
        notes = CommandFunction(self, "Notes", entry=HERE / "commands", handler="notes.note")
        note, everybody, desk = InvokeFunction(notes), Allow.workspace(), Ec2Targets.by_tag("Role", "desk")
        slack.add_command("/note", note, description="notes it", allow=everybody, visible=Visibility.CHANNEL)
        slack.add_command("/ops note", note, description="notes it for you", allow=everybody)
        slack.add_command(
            "/ops sign", RunScript(SIGN, targets=desk, accepts_text=True), description="signs it", allow=everybody
        )
        slack.add_command("/census", RunScript("nproc", targets=desk), description="counts", allow=everybody)
        slack.add_command("/secret", note, description="for others", allow=Allow.channel("C0ELSEWHERE"))
        cdk.CfnOutput(self, "NotesLog", value=notes.log_group.log_group_name)


app = cdk.App()
Loaded(app, "Loaded")
app.synth()
