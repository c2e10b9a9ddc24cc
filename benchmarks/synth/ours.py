"""The stack as a user of the library writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Stack

from chatops_constructs import Allow, Ec2Targets, RunScript, SlackCommandEndpoint, SlackCredentials, SlackWorkspace

if TYPE_CHECKING:
    from constructs import Construct


class Ours(Stack):
    """An endpoint with that many commands, each of them a script on the same instances."""

    def __init__(self, scope: Construct, id: str, *, commands: int) -> None:
        """Create the stack."""
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
            credentials=SlackCredentials.from_parameters("/ops/prod"),
        )
        web = Ec2Targets.by_tag("Role", "web")
        for number in range(commands):
            slack.add_command(
                f"/ops run-{number}",
                RunScript(f"echo {number}", targets=web),
                description=f"number {number}",
                allow=Allow.workspace(),
            )
