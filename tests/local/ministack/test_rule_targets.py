"""What rules send to queues and topics: as far as the target's policy lets them.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.local.ministack.callers import ANYBODY_HERE
from tests.local.ministack.messaging_stacks import arn_of, letting_in, queue, queue_policy, topic, topic_policy, until
from tests.local.ministack.stacks import allow, arn, deploy, role
from tests.local.trust.behaviours import RULE_ROLE, RULE_TARGET_POLICY, SERVICE_KEY

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

TOPIC = {"Ref": "Topic"}
RULE = arn_of("Rule")
OPEN = {
    "QueuePolicy": queue_policy("Queue", letting_in("events", "sqs:SendMessage", arn_of("Queue"), RULE)),
    "TopicPolicy": topic_policy("Topic", letting_in("events", "sns:Publish", TOPIC, RULE)),
}
ANOTHER_RULE = arn("events", "rule/another")
CLOSED = {
    "none": {},
    "of another rule": {
        "QueuePolicy": queue_policy("Queue", letting_in("events", "sqs:SendMessage", arn_of("Queue"), ANOTHER_RULE)),
        "TopicPolicy": topic_policy("Topic", letting_in("events", "sns:Publish", TOPIC, ANOTHER_RULE)),
    },
    "of another service": {
        "QueuePolicy": queue_policy("Queue", letting_in("sns", "sqs:SendMessage", arn_of("Queue"), RULE)),
        "TopicPolicy": topic_policy("Topic", letting_in("cloudwatch", "sns:Publish", TOPIC, RULE)),
    },
}


def resources(source: str, policies: dict[str, Any], **target: Any) -> dict[str, Any]:
    targets = [{"Id": "queue", "Arn": arn_of("Queue"), **target}, {"Id": "topic", "Arn": TOPIC, **target}]
    pattern = {"EventPattern": {"source": [source]}, "Targets": targets}
    return {
        "Queue": queue(),
        "Topic": topic(),
        "Rule": {"Type": "AWS::Events::Rule", "Properties": pattern},
        **policies,
    }


def emit(server: Server, source: str) -> None:
    server.client("events").put_events(Entries=[{"Source": source, "DetailType": "d", "Detail": '{"n": 1}'}])


def refused(server: Server, stack: DeployedStack) -> list[str]:
    rule = f":rule/{stack.resource('Rule')}"
    return sorted(found.target.split(":")[2] for found in server.refusals() if found.source.endswith(rule))


@RULE_TARGET_POLICY.allow()
def test_both_get_the_event_where_their_policies_let_the_rule_in(server: Server, tmp_path: Path):
    stack = deploy(server, tmp_path, "OpenTargets", resources("open", OPEN))
    emit(server, "open")
    (message,) = until(lambda: server.messages(stack.resource("Queue")))
    (publication,) = server.published(stack.resource("Topic"))
    for text in (message.body, publication.text()):
        assert (json.loads(text)["source"], json.loads(text)["detail"]) == ("open", {"n": 1})
    assert publication.subject == ""
    assert refused(server, stack) == []


@RULE_TARGET_POLICY.deny()
@pytest.mark.parametrize("policies", CLOSED)
def test_neither_gets_it_otherwise(server: Server, tmp_path: Path, policies: str):
    source = f"closed.{policies}"
    stack = deploy(
        server, tmp_path, f"ClosedTargets{policies.title().replace(' ', '')}", resources(source, CLOSED[policies])
    )
    emit(server, source)
    assert until(lambda: refused(server, stack)) == ["sns", "sqs"]
    assert server.messages(stack.resource("Queue")) == []
    assert server.published(stack.resource("Topic")) == []


def test_what_a_target_does_not_take_goes_to_its_dead_letter_queue(server: Server, tmp_path: Path):
    given = resources("dead", {}, DeadLetterConfig={"Arn": arn_of("Dead")})
    given["Dead"] = queue()
    given["DeadPolicy"] = queue_policy("Dead", letting_in("events", "sqs:SendMessage", arn_of("Dead"), RULE))
    stack = deploy(server, tmp_path, "DeadTargets", given)
    emit(server, "dead")
    dead = until(lambda: len(found := server.messages(stack.resource("Dead"))) == 2 and found)
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    assert {message.attributes["TARGET_ARN"] for message in dead} == {
        stack.resource("Topic"),
        arn("sqs", stack.resource("Queue").rpartition("/")[2]),
    }
    for message in dead:
        assert message.attributes["RULE_ARN"].endswith(f":rule/{stack.resource('Rule')}")
        assert message.attributes["ERROR_CODE"] == "NO_PERMISSIONS"
        assert json.loads(message.body)["source"] == "dead"


@pytest.mark.parametrize(
    "permitted", [pytest.param(True, marks=RULE_ROLE.allow()), pytest.param(False, marks=RULE_ROLE.deny())]
)
def test_a_target_with_a_role_goes_by_the_role(server: Server, tmp_path: Path, permitted: bool):
    statements = [allow("sqs:SendMessage", arn_of("Queue")), allow("sns:Publish", TOPIC)] if permitted else []
    source = f"role.{permitted}"
    given = resources(source, {}, RoleArn=arn_of("Role"))
    stack = deploy(server, tmp_path, f"Role{permitted}", {**given, "Role": role("events", *statements)})
    emit(server, source)
    until(lambda: server.messages(stack.resource("Queue")) if permitted else refused(server, stack))
    assert refused(server, stack) == ([] if permitted else ["sns", "sqs"])


@pytest.mark.parametrize(
    "permitted", [pytest.param(True, marks=SERVICE_KEY.allow()), pytest.param(False, marks=SERVICE_KEY.deny())]
)
def test_encrypted_targets_take_events_that_their_key_lets_in(server: Server, tmp_path: Path, permitted: bool):
    own = {"Effect": "Allow", "Principal": ANYBODY_HERE, "Action": "kms:*", "Resource": "*"}
    events = {**letting_in("events", "", "*"), "Action": ["kms:Decrypt", "kms:GenerateDataKey*"]}
    policy = {"Version": "2012-10-17", "Statement": [own, events] if permitted else [own]}
    source = f"encrypted.{permitted}"
    given = resources(source, OPEN)
    given["Key"] = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}}
    given |= {"Queue": queue(KmsMasterKeyId=arn_of("Key")), "Topic": topic(KmsMasterKeyId=arn_of("Key"))}
    stack = deploy(server, tmp_path, f"Encrypted{permitted}", given)
    emit(server, source)
    until(lambda: server.messages(stack.resource("Queue")) if permitted else refused(server, stack))
    assert refused(server, stack) == ([] if permitted else ["sns", "sqs"])
