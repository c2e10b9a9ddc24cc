"""A shop that is loud, quiet or closed, as `/mode` says: an action of one's own, and the command that it is for."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from chatops_constructs import (
    Action,
    ActionContext,
    Allow,
    Argument,
    BoundAction,
    Choice,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
)


class SetParameter(Action):
    """Sets a parameter of Systems Manager to one of a few values."""

    accepts_text = False

    def __init__(self, name: str, values: Sequence[str]) -> None:
        """Describe the parameter, which begins with the first of the values."""
        self._name = name
        self._values = values

    @property
    def arguments(self) -> Sequence[Argument]:
        """What may be typed after the command; without it there is a menu."""
        return [Choice("value", self._values)]

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        """Create the parameter, let the command's role write it, and hand out the one state that does."""
        parameter = ssm.StringParameter(scope, "Parameter", parameter_name=self._name, string_value=self._values[0])
        parameter.grant_write(context.role)
        value = f"{context.request}.arguments.value"
        state = {
            "Type": "Task",
            "Resource": f"arn:{cdk.Aws.PARTITION}:states:::aws-sdk:ssm:putParameter",
            "Arguments": {"Name": self._name, "Value": f"{{% {value} %}}", "Overwrite": True},
            "Output": {"kind": "reply", "ok": True, "reply": f"{{% 'It is ' & {value} & ' now.' %}}"},
            "End": True,
        }
        return BoundAction("Set it", {"Set it": state}, cdk.Duration.minutes(1), {"parameter": parameter})


app = cdk.App()
stack = cdk.Stack(app, "Shop")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/shop/prod"),
)
slack.add_command(
    "/mode",
    SetParameter("/shop/mode", ["loud", "quiet", "closed"]),
    description="how the shop behaves",
    allow=Allow.channel("C0123OPS"),
)
app.synth()
