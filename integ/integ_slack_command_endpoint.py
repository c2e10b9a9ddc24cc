"""SlackCommandEndpoint behind an HTTP API and behind a function URL, asked as Slack asks and as strangers do."""

import json

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk.integ_tests_alpha import ExpectedResult, IApiCall, IntegTest, Match
from constructs import Construct

from chatops_constructs import (
    Allow,
    Ec2Targets,
    EndpointAccess,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
)

TEAM, APP = "T012AB3CD", "A034CD5EF"
PREFIX = "/chatops-constructs-integ"

# Whoever knows this can ask the endpoint of this test for help, while the test runs; it runs nothing.
SIGNING_SECRET = "chatops-constructs-integration-test"  # noqa: S105

# Signs as Slack does: https://docs.slack.dev/authentication/verifying-requests-from-slack
SLACK = """
import hashlib, hmac, json, time, urllib.request, urllib.error

def handler(event, context):
    body, timestamp = event["body"].encode(), str(int(time.time()))
    signature = hmac.new(event["secret"].encode(), b"v0:%s:%s" % (timestamp.encode(), body), hashlib.sha256)
    request = urllib.request.Request(event["url"], body, {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": "v0=" + signature.hexdigest(),
    })
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return {"status": answer.status, "body": answer.read().decode()}
    except urllib.error.HTTPError as error:
        return {"status": error.code}
"""

HELP = (
    f"team_id={TEAM}&api_app_id={APP}&command=%2Fps&text=help&user_id=U012AB3CD&user_name=taro&channel_id=C0123OPS"
    f"&channel_name=ops&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F{TEAM}%2F1%2Fx&trigger_id=1.2.3"
)


class EndpointStack(cdk.Stack):
    """An endpoint with one command, and a function that plays Slack.

    Attributes:
        slack: The endpoint.
        caller: Signs what it is given and sends it.
    """

    def __init__(self, scope: Construct, id: str, *, access: EndpointAccess) -> None:
        """Create both.

        Args:
            scope: The app.
            id: The stack's name.
            access: How the endpoint is reached.
        """
        super().__init__(scope, id)
        self.slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team(TEAM, app=APP),
            credentials=SlackCredentials.from_parameters(PREFIX),
            access=access,
        )
        self.slack.add_command(
            "/ps",
            RunScript("ps aux", targets=Ec2Targets.by_tag("Role", "chatops-constructs-integ")),
            description="top processes",
            allow=Allow.workspace(),
        )
        self.caller = lambda_.Function(
            self,
            "Caller",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline(SLACK),
            timeout=cdk.Duration.seconds(15),
        )


def checks(integ: IntegTest, stack: EndpointStack) -> list[IApiCall]:
    """What a real account has to answer."""
    return [
        posted(integ, stack, "command=%2Fps", 401),
        posted(integ, stack, "ssl_check=1&token=x", 200),
        signed(integ, stack, "another secret", '"status": 401'),
        # The secret is read from its parameter and the command from its layer.
        signed(integ, stack, SIGNING_SECRET, "ephemeral.*top processes"),
        *(
            dispatch_may_not(integ, stack, action)
            for action in ("ssm:SendCommand", "states:SendTaskSuccess", "lambda:InvokeFunction", "s3:GetObject")
        ),
    ]


def posted(integ: IntegTest, stack: EndpointStack, body: str, status: int) -> IApiCall:
    """A request without a signature, and the status that it has to get."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    call = integ.assertions.http_api_call(stack.slack.url, method="POST", body=body, headers=headers)
    call.expect(ExpectedResult.object_like({"status": status}))
    return call


def signed(integ: IntegTest, stack: EndpointStack, secret: str, answer: str) -> IApiCall:
    """`/ps help` with a signature, and a pattern of what the caller has to say of the answer."""
    payload = json.dumps({"url": stack.slack.url, "secret": secret, "body": HELP})
    call = integ.assertions.invoke_function(function_name=stack.caller.function_name, payload=payload)
    call.expect(ExpectedResult.object_like({"Payload": Match.string_like_regexp(answer)}))
    return call


def dispatch_may_not(integ: IntegTest, stack: EndpointStack, action: str) -> IApiCall:
    """IAM's own opinion on what the role that faces the internet may do."""
    role = stack.slack.dispatch.role
    assert role is not None
    question = {"PolicySourceArn": role.role_arn, "ActionNames": [action]}
    call = integ.assertions.aws_api_call("IAM", "simulatePrincipalPolicy", question)
    call.expect(ExpectedResult.object_like({"EvaluationResults": [{"EvalDecision": "implicitDeny"}]}))
    return call


app = cdk.App()
stacks = [
    EndpointStack(app, "IntegEndpointHttpApi", access=EndpointAccess.http_api()),
    EndpointStack(app, "IntegEndpointFunctionUrl", access=EndpointAccess.function_url()),
]
test = IntegTest(app, "SlackCommandEndpoint", test_cases=stacks)
secret = {"Name": f"{PREFIX}/slack-signing-secret", "Type": "SecureString", "Value": SIGNING_SECRET, "Overwrite": True}

# CloudFormation cannot create a SecureString: it is the first step, and its removal the last.
step = test.assertions.aws_api_call("SSM", "putParameter", secret)
for stack in stacks:
    for check in checks(test, stack):
        step = step.next(check)
step.next(test.assertions.aws_api_call("SSM", "deleteParameter", {"Name": secret["Name"]}))

app.synth()
