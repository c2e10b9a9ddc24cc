"""Topics: what they deliver, to whom their targets' policies let them, and what they took."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from chatops_local.server import DeploymentFailedError
from tests.local.ministack.messaging_stacks import (
    arn_of,
    deny_insecure,
    from_topic,
    letting_in,
    queue,
    queue_policy,
    subscription,
    topic,
    topic_policy,
    until,
)
from tests.local.ministack.stacks import (
    ACCOUNT,
    WRITE_LOGS,
    allow,
    deploy,
    function,
    machine,
    output_of,
    role,
    run,
)
from tests.local.trust.behaviours import FUNCTION_PERMISSION, QUEUE_POLICY, SERVICE_KEY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chatops_local.server import DeployedStack, Publication, Server

PRINTS = "def handler(event, context): print('got', event['Records'][0]['Sns'])"


@pytest.fixture
def deployed(
    server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[dict[str, Any]], DeployedStack]:
    name = "".join(word.title() for word in request.node.name.partition("[")[0].split("_"))
    return lambda resources: deploy(server, tmp_path, name, resources)


def publish(server: Server, stack: DeployedStack, **arguments: Any) -> Publication:
    server.client("sns").publish(TopicArn=stack.resource("Topic"), **{"Message": "hello", **arguments})
    return server.published(stack.resource("Topic"))[-1]


def bodies(server: Server, stack: DeployedStack, name: str = "Queue") -> list[str]:
    return [message.body for message in server.messages(stack.resource(name))]


def to_queue(**properties: Any) -> dict[str, Any]:
    return {
        "Topic": topic(),
        "Queue": queue(),
        "Policy": from_topic("Topic", "Queue"),
        "Subscription": subscription("Topic", "sqs", arn_of("Queue"), **properties),
    }


@QUEUE_POLICY.allow()
def test_a_queue_gets_the_envelope(server: Server, deployed: Any):
    stack = deployed(to_queue())
    publication = publish(
        server, stack, Subject="A subject", MessageAttributes={"kind": {"DataType": "String", "StringValue": "notice"}}
    )
    (body,) = bodies(server, stack)
    envelope = json.loads(body)
    assert envelope["Timestamp"].endswith("Z")
    assert len(envelope["Timestamp"]) == len("2012-04-26T20:45:04.751Z")
    # https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html#http-notification-json
    assert {name: envelope[name] for name in ("Type", "MessageId", "TopicArn", "Subject", "Message")} == {
        "Type": "Notification",
        "MessageId": publication.message_id,
        "TopicArn": stack.resource("Topic"),
        "Subject": "A subject",
        "Message": "hello",
    }
    assert envelope["MessageAttributes"] == {"kind": {"Type": "String", "Value": "notice"}}
    assert [delivery.outcome for delivery in publication.deliveries] == ["delivered"]
    assert publication.attributes == {"kind": "notice"}


def test_without_a_subject_the_envelope_has_none(server: Server, deployed: Any):
    stack = deployed(to_queue())
    publish(server, stack)
    assert "Subject" not in json.loads(bodies(server, stack)[0])


def test_raw_delivery_is_the_message_with_its_attributes(server: Server, deployed: Any):
    stack = deployed(to_queue(RawMessageDelivery=True))
    attributes = {"kind": {"DataType": "String", "StringValue": "notice"}}
    publish(server, stack, Subject="lost", MessageAttributes=attributes)
    (message,) = server.messages(stack.resource("Queue"))
    assert (message.body, message.attributes) == ("hello", {"kind": "notice"})


def test_raw_delivery_takes_ten_attributes(server: Server, deployed: Any):
    stack = deployed(to_queue(RawMessageDelivery=True))
    attributes = {f"a{index}": {"DataType": "String", "StringValue": "x"} for index in range(11)}
    (delivery,) = publish(server, stack, MessageAttributes=attributes).deliveries
    assert (delivery.outcome, bodies(server, stack)) == ("refused", [])


def test_each_protocol_gets_its_own_text(server: Server, deployed: Any):
    resources = to_queue(RawMessageDelivery=True)
    resources["Mail"] = subscription("Topic", "email", "ops@example.com")
    resources["Web"] = subscription("Topic", "https", "https://example.com/hook")
    stack = deployed(resources)
    message = json.dumps({"default": "d", "email": "a letter", "sqs": '{"n": 1}'})
    publication = publish(server, stack, Message=message, MessageStructure="json", Subject="s")
    assert bodies(server, stack) == ['{"n": 1}']
    assert [publication.text(protocol) for protocol in ("email", "sqs", "https", "default")] == [
        "a letter",
        '{"n": 1}',
        "d",
        "d",
    ]
    told = {delivery.protocol: (delivery.text, delivery.outcome) for delivery in publication.deliveries}
    assert told == {"sqs": ('{"n": 1}', "delivered"), "email": ("a letter", "recorded"), "https": ("d", "recorded")}


def test_what_nobody_has_subscribed_to_is_seen_all_the_same(server: Server, deployed: Any):
    stack = deployed({"Topic": topic()})
    publication = publish(server, stack, Subject="s")
    assert (publication.subject, publication.text(), publication.deliveries) == ("s", "hello", [])


STATEMENTS: dict[str, tuple[dict[str, Any], ...]] = {
    "of another service": (letting_in("events", "sqs:SendMessage", arn_of("Queue")),),
    "of another action": (letting_in("sns", "sqs:ReceiveMessage", arn_of("Queue")),),
    "for another topic": (letting_in("sns", "sqs:SendMessage", arn_of("Queue"), f"arn:aws:sns:us-east-1:{ACCOUNT}:x"),),
    "with a deny": (
        letting_in("sns", "sqs:SendMessage", arn_of("Queue")),
        {**letting_in("sns", "sqs:*", arn_of("Queue")), "Effect": "Deny"},
    ),
}


@QUEUE_POLICY.deny()
@pytest.mark.parametrize("policy", ["none", *STATEMENTS])
def test_a_queue_whose_policy_does_not_let_the_topic_in_gets_nothing(server: Server, tmp_path: Path, policy: str):
    resources = to_queue()
    del resources["Policy"]
    if policy != "none":
        resources["Policy"] = queue_policy("Queue", *STATEMENTS[policy])
    stack = deploy(server, tmp_path, f"ClosedQueue{policy.title().replace(' ', '')}", resources)
    (delivery,) = publish(server, stack).deliveries
    assert (delivery.outcome, bodies(server, stack)) == ("refused", [])
    assert "sns.amazonaws.com is not authorized to perform: sqs:SendMessage" in delivery.reason
    (refusal,) = [found for found in server.refusals() if found.source == stack.resource("Topic")]
    assert (refusal.service, refusal.target) == ("sns.amazonaws.com", delivery.endpoint)
    assert refusal.reason in server.emulator_log()


def test_what_enforces_tls_lets_services_and_calls_through(server: Server, deployed: Any):
    resources = to_queue()
    resources["Policy"]["Properties"]["PolicyDocument"]["Statement"].append(deny_insecure("sqs:*", arn_of("Queue")))
    resources["TopicPolicy"] = topic_policy("Topic", deny_insecure("sns:Publish", {"Ref": "Topic"}))
    stack = deployed(resources)
    assert publish(server, stack).deliveries[0].outcome == "delivered"
    received = server.client("sqs").receive_message(QueueUrl=stack.resource("Queue"))
    assert len(received["Messages"]) == 1


def test_what_cannot_be_delivered_goes_to_the_dead_letter_queue(server: Server, deployed: Any):
    redrive = {"deadLetterTargetArn": arn_of("Dead")}
    resources = to_queue(RedrivePolicy=redrive)
    resources["Policy"] = from_topic("Topic", "Dead")
    resources["Dead"] = queue()
    stack = deployed(resources)
    (delivery,) = publish(server, stack).deliveries
    assert delivery.outcome == "dead-lettered"
    assert json.loads(bodies(server, stack, "Dead")[0])["Message"] == "hello"


@QUEUE_POLICY.deny()
def test_a_dead_letter_queue_is_judged_as_well(server: Server, deployed: Any):
    resources = to_queue(RedrivePolicy={"deadLetterTargetArn": arn_of("Dead")})
    del resources["Policy"]
    resources["Dead"] = queue()
    stack = deployed(resources)
    assert publish(server, stack).deliveries[0].outcome == "refused"
    assert bodies(server, stack, "Dead") == []


def test_filters_go_by_attributes_or_by_the_message(server: Server, deployed: Any):
    resources = to_queue(FilterPolicy={"kind": ["failed"]})
    resources["Other"] = queue()
    resources["OtherPolicy"] = from_topic("Topic", "Other")
    resources["ByBody"] = subscription(
        "Topic", "sqs", arn_of("Other"), FilterPolicyScope="MessageBody", FilterPolicy={"ok": [False]}
    )
    stack = deployed(resources)
    failed = {"kind": {"DataType": "String", "StringValue": "failed"}}
    publish(server, stack, Message='{"ok": true}', MessageAttributes=failed)
    publish(server, stack, Message='{"ok": false}')
    assert [json.loads(body)["Message"] for body in bodies(server, stack)] == ['{"ok": true}']
    assert [json.loads(body)["Message"] for body in bodies(server, stack, "Other")] == ['{"ok": false}']


def test_a_state_machine_publishes_attributes_too(server: Server, deployed: Any):
    arguments = {
        "TopicArn": {"Ref": "Topic"},
        "Subject": "s",
        "Message": "m",
        "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "failed"}},
    }
    states = {"Tell": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Arguments": {}, "End": True}}
    made = machine("States", states)
    text = made["Properties"]["DefinitionString"].replace('"Arguments": {}', '"Arguments": ' + json.dumps(arguments))
    made["Properties"]["DefinitionString"] = {"Fn::Sub": text.replace('{"Ref": "Topic"}', '"${Topic}"')}
    stack = deployed(
        {"Topic": topic(), "Machine": made, "States": role("states", allow("sns:Publish", {"Ref": "Topic"}))}
    )
    output_of(run(server, stack.resource("Machine")))
    (publication,) = server.published(stack.resource("Topic"))
    assert (publication.subject, publication.text(), publication.attributes) == ("s", "m", {"kind": "failed"})


@pytest.mark.parametrize(
    "arguments",
    [
        {"Subject": "x" * 100},
        {"Subject": "two\nlines"},
        {"MessageStructure": "json", "Message": '{"email": "x"}'},
        {"Message": "x" * (256 * 1024 + 1)},
    ],
    ids=["long subject", "two lines", "no default", "too long"],
)
def test_what_sns_refuses_is_not_published(server: Server, tmp_path: Path, arguments: dict[str, str]):
    stack = deploy(server, tmp_path, "RefusedMessages", {"Topic": topic()})
    with pytest.raises(ClientError, match="InvalidParameter"):
        publish(server, stack, **arguments)
    assert server.published(stack.resource("Topic")) == []


def test_a_fifo_queue_cannot_subscribe_to_a_standard_topic(server: Server, deployed: Any):
    resources = to_queue()
    resources["Queue"] = queue(FifoQueue=True)
    with pytest.raises(DeploymentFailedError, match="FIFO SQS Queues can not be subscribed to standard SNS topics"):
        deployed(resources)


def test_raw_delivery_to_mail_is_refused(server: Server, deployed: Any):
    with pytest.raises(DeploymentFailedError, match="does not support raw message delivery"):
        deployed({"Topic": topic(), "Mail": subscription("Topic", "email", "a@example.com", RawMessageDelivery=True)})


def to_function(*, permitted: bool) -> dict[str, Any]:
    permission = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": "Function"},
        "Principal": "sns.amazonaws.com",
        "SourceArn": {"Ref": "Topic"} if permitted else f"arn:aws:sns:us-east-1:{ACCOUNT}:another",
    }
    return {
        "Topic": topic(),
        "Role": role("lambda", WRITE_LOGS),
        "Function": function(PRINTS, "Role"),
        "Permission": {"Type": "AWS::Lambda::Permission", "Properties": permission},
        "Subscription": subscription("Topic", "lambda", arn_of("Function")),
    }


@FUNCTION_PERMISSION.allow()
def test_a_function_gets_the_event(server: Server, deployed: Any):
    stack = deployed(to_function(permitted=True))
    assert publish(server, stack, Subject="s").deliveries[0].outcome == "delivered"
    group = f"/aws/lambda/{stack.resource('Function')}"
    (line,) = until(lambda: [line for line in server.function_logs() if line.group == group and "got" in line.message])
    # https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    for member in ("'SigningCertUrl'", "'Message': 'hello'", "'Subject': 's'", "'MessageAttributes': {}"):
        assert member in line.message


@FUNCTION_PERMISSION.deny()
def test_a_function_without_a_permission_for_the_topic_is_not_invoked(server: Server, deployed: Any):
    stack = deployed(to_function(permitted=False))
    (delivery,) = publish(server, stack).deliveries
    assert delivery.outcome == "refused"
    assert "lambda:InvokeFunction" in delivery.reason


def encrypted(*statements: dict[str, Any]) -> dict[str, Any]:
    administrators = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    own = {"Effect": "Allow", "Principal": administrators, "Action": "kms:*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [own, *statements]}
    return {
        **to_queue(),
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}},
        "Queue": queue(KmsMasterKeyId=arn_of("Key")),
    }


@SERVICE_KEY.allow()
def test_an_encrypted_queue_takes_from_topics_that_its_key_lets_in(server: Server, deployed: Any):
    lets_in = letting_in("sns", "kms:Decrypt", "*")
    stack = deployed(encrypted({**lets_in, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"]}))
    assert publish(server, stack).deliveries[0].outcome == "delivered"


@SERVICE_KEY.deny()
def test_an_encrypted_queue_takes_nothing_from_topics_that_its_key_does_not_know(server: Server, deployed: Any):
    stack = deployed(encrypted())
    (delivery,) = publish(server, stack).deliveries
    assert delivery.outcome == "refused"
    assert "kms:GenerateDataKey" in delivery.reason


@SERVICE_KEY.deny()
def test_a_queue_with_the_key_of_aws_takes_nothing_from_topics(server: Server, deployed: Any):
    stack = deployed({**to_queue(), "Queue": queue(KmsMasterKeyId="alias/aws/sqs")})
    (delivery,) = publish(server, stack).deliveries
    assert "use a customer managed key" in delivery.reason
