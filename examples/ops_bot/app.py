"""Four slash commands for two web servers."""

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


class OpsBot(cdk.Stack):
    """`/ps`, `/disk` and `/uptime` on the instances with the tag Role=web, and `/hello` in plain Python."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment | None = None) -> None:
        super().__init__(scope, id, env=env)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
            credentials=SlackCredentials.from_parameters("/ops-bot/prod"),
        )
        web = Ec2Targets.by_tag("Role", "web")
        slack.add_command(
            "/ps",
            RunScript("ps -eo pcpu,pmem,pid,user,comm --sort=-pcpu | head -8", targets=web),
            description="top processes of the web servers",
            allow=Allow.workspace(),
            visible=Visibility.CHANNEL,
        )
        slack.add_command(
            "/disk",
            RunScript("df -h /", targets=web),
            description="free disk space of the web servers",
            allow=Allow.workspace(),
        )
        slack.add_command(
            "/uptime",
            RunScript(script_file=HERE / "commands" / "uptime.sh", targets=web),
            description="since when the web servers are up",
            allow=Allow.workspace(),
        )
        hello = CommandFunction(self, "Hello", entry=HERE / "commands", handler="hello.hello")
        slack.add_command("/hello", InvokeFunction(hello), description="says hello", allow=Allow.workspace())


app = cdk.App()
OpsBot(app, "OpsBot")
app.synth()
