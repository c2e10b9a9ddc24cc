"""SlackNotifier: an alarm's notification through an encrypted topic and queue to Slack, which refuses the token."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.integ_tests_alpha import AwsApiCall, ExpectedResult, IntegTest, Match
from constructs import Construct

from chatops_constructs import SlackCredentials, SlackNotifier

PREFIX = "/chatops-constructs-integ/notifier"
TOKEN_PARAMETER = f"{PREFIX}/slack-bot-token"


class NotifierStack(cdk.Stack):
    """A notifier with a key, and an alarm that tells it.

    Attributes:
        key: Encrypts topic and queues.
        notifier: The notifier.
        alarm: The alarm; its metric has no data.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Create it.

        Args:
            scope: The app.
            id: The stack's name.
        """
        super().__init__(scope, id)
        self.key = kms.Key(self, "Key", enable_key_rotation=True, removal_policy=cdk.RemovalPolicy.DESTROY)
        self.notifier = SlackNotifier(
            self,
            "Notifier",
            channel="C0123OPS",
            credentials=SlackCredentials.from_parameters(PREFIX, bot_token=True),
            encryption_key=self.key,
        )
        self.alarm = cloudwatch.Alarm(
            self,
            "Alarm",
            metric=cloudwatch.Metric(namespace="ChatOpsConstructsInteg", metric_name="Nothing"),
            threshold=1,
            evaluation_periods=1,
        )
        self.alarm.add_alarm_action(SnsAction(self.notifier.topic))


app = cdk.App()
stack = NotifierStack(app, "IntegSlackNotifier")
test = IntegTest(app, "SlackNotifier", test_cases=[stack])

token = test.assertions.aws_api_call(
    "SSM",
    "putParameter",
    {"Name": TOKEN_PARAMETER, "Value": "xoxb-0-0-integ", "Type": "SecureString", "Overwrite": True},
)
alarm = test.assertions.aws_api_call(
    "CloudWatch",
    "setAlarmState",
    {"AlarmName": stack.alarm.alarm_name, "StateValue": "ALARM", "StateReason": "chatops-constructs-integ"},
)

# CloudWatch, SNS and the function may use the key; the function had its turn, and Slack said what it says of a token
# that is none.
refused = test.assertions.aws_api_call(
    "SQS",
    "receiveMessage",
    {
        "QueueUrl": stack.notifier.dead_letter_queue.queue_url,
        "MessageAttributeNames": ["reason"],
        "VisibilityTimeout": 0,
        "WaitTimeSeconds": 10,
    },
)
message = {
    "Body": Match.string_like_regexp("chatops-constructs-integ"),
    "MessageAttributes": {"reason": Match.object_like({"StringValue": "invalid_auth"})},
}
refused.expect(ExpectedResult.object_like({"Messages": Match.array_with([Match.object_like(message)])}))
refused.wait_for_assertions(total_timeout=cdk.Duration.minutes(5), interval=cdk.Duration.seconds(15))
decrypt = {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": [stack.key.key_arn]}
# The first call is made by one function, the later ones by another.
assert isinstance(refused, AwsApiCall)
assert refused.waiter_provider is not None
for provider in (refused.provider, refused.waiter_provider):
    provider.add_to_role_policy(decrypt)

end = test.assertions.aws_api_call("SSM", "deleteParameter", {"Name": TOKEN_PARAMETER})

token.next(alarm).next(refused).next(end)

app.synth()
