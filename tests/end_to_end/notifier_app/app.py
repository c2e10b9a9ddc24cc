"""Two notifiers for the same channel, so that they have to take turns, and one with a key of its own."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from constructs import Construct

from chatops_constructs import SlackCredentials, SlackNotifier

CREDENTIALS = SlackCredentials.from_parameters("/end-to-end/notifier", bot_token=True)


class Notices(cdk.Stack):
    """What is published to the first two topics is said in one channel."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        key = kms.Key(self, "Key", enable_key_rotation=True)
        notifiers = {
            "One": SlackNotifier(self, "One", channel="C0123OPS", credentials=CREDENTIALS),
            "Two": SlackNotifier(self, "Two", channel="C0123OPS", credentials=CREDENTIALS),
            "Keyed": SlackNotifier(self, "Keyed", channel="C0456DEV", credentials=CREDENTIALS, encryption_key=key),
        }
        for name, notifier in notifiers.items():
            cdk.CfnOutput(self, f"{name}Topic", value=notifier.topic.topic_arn)
            cdk.CfnOutput(self, f"{name}Queue", value=notifier.queue.queue_url)
            cdk.CfnOutput(self, f"{name}DeadLetters", value=notifier.dead_letter_queue.queue_url)


app = cdk.App()
Notices(app, "Notices")
app.synth()
