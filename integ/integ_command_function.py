"""CommandFunction: a plain Python function, with the layer that it imports from, on the real Lambda."""

import json
from pathlib import Path

import aws_cdk as cdk
from aws_cdk.integ_tests_alpha import ExpectedResult, IntegTest, Match
from constructs import Construct

from chatops_constructs import CommandFunction

COMMANDS = Path(__file__).parent.parent / "examples" / "ops_bot" / "commands"


class CommandFunctionStack(cdk.Stack):
    """The example's `/hello`.

    Attributes:
        hello: The function.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Create it.

        Args:
            scope: The app.
            id: The stack's name.
        """
        super().__init__(scope, id)
        self.hello = CommandFunction(self, "Hello", entry=COMMANDS, handler="hello.hello")


app = cdk.App()
stack = CommandFunctionStack(app, "IntegCommandFunction")
test = IntegTest(app, "CommandFunction", test_cases=[stack])

command = {
    "version": 1,
    "command": "/hello",
    "text": "world",
    "team_id": "T012AB3CD",
    "user": {"id": "U012AB3CD", "name": "taro"},
    "channel": {"id": "C0123OPS", "name": "ops"},
    "request_id": "chatops-constructs-integ",
}
greeted = test.assertions.invoke_function(function_name=stack.hello.function_name, payload=json.dumps(command))
greeted.expect(ExpectedResult.object_like({"Payload": Match.string_like_regexp("Hello world!")}))

log_group = test.assertions.aws_api_call(
    "CloudWatchLogs", "describeLogGroups", {"logGroupNamePrefix": stack.hello.log_group.log_group_name}
)
log_group.expect(ExpectedResult.object_like({"logGroups": [{"retentionInDays": 30}]}))
greeted.next(log_group)

app.synth()
