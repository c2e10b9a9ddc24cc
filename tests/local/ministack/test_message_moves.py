"""Moving dead letters back: which rights it takes to which queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.callers import ANYBODY_HERE, Caller
from tests.local.ministack.messaging_stacks import arn_of, queue
from tests.local.ministack.stacks import allow, arn, deploy, role
from tests.local.trust.behaviours import MESSAGE_MOVES

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import Server

OF_SOURCE = ["sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
LISTING = ["sqs:ListMessageMoveTasks", "sqs:GetQueueAttributes"]
SEND = "sqs:SendMessage"
KEYS = ["kms:Decrypt", "kms:GenerateDataKey"]


class Redrive:
    """A queue with a dead-letter queue, both encrypted, and somebody who redrives."""

    def __init__(self, server: Server, directory: Path, name: str, without: frozenset[str] = frozenset()) -> None:
        own = {"Effect": "Allow", "Principal": ANYBODY_HERE, "Action": "kms:*", "Resource": "*"}
        statements = [
            allow(granted, resource)
            for actions, resource in (
                (OF_SOURCE + LISTING, arn_of("Dead")),
                ([SEND], arn_of("Queue")),
                (KEYS, arn_of("Key")),
            )
            if (granted := [action for action in dict.fromkeys(actions) if action not in without])
        ]
        redrive = {"deadLetterTargetArn": arn_of("Dead"), "maxReceiveCount": 1}
        resources: dict[str, Any] = {
            "Key": {
                "Type": "AWS::KMS::Key",
                "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [own]}},
            },
            "Dead": queue(KmsMasterKeyId=arn_of("Key")),
            "Queue": queue(KmsMasterKeyId=arn_of("Key"), RedrivePolicy=redrive),
            "Who": role(ANYBODY_HERE, *statements),
        }
        stack = deploy(server, directory, name, resources)
        self._sqs = Caller(server, stack.resource("Who")).client("sqs")
        self._source = arn("sqs", stack.resource("Dead").rpartition("/")[2])
        self._destination = arn("sqs", stack.resource("Queue").rpartition("/")[2])

    def start(self, *, to_destination: bool = False) -> None:
        destination = {"DestinationArn": self._destination} if to_destination else {}
        self._sqs.start_message_move_task(SourceArn=self._source, **destination)

    def list(self) -> list[Any]:
        found: list[Any] = self._sqs.list_message_move_tasks(SourceArn=self._source).get("Results", [])
        return found


@MESSAGE_MOVES.allow(*OF_SOURCE, SEND, *LISTING, *KEYS)
@pytest.mark.parametrize("to_destination", [False, True])
def test_who_has_all_of_them_may(server: Server, tmp_path: Path, to_destination: bool):
    redrive = Redrive(server, tmp_path, f"Moves{int(to_destination)}")
    redrive.start(to_destination=to_destination)
    assert len(redrive.list()) == 1


@MESSAGE_MOVES.deny("{missing}")
@pytest.mark.parametrize("missing", [*OF_SOURCE, SEND, *KEYS])
def test_each_of_them_is_needed_to_start(server: Server, tmp_path: Path, missing: str):
    redrive = Redrive(server, tmp_path, "Without" + missing.replace(":", ""), frozenset({missing}))
    for to_destination in (False, True):
        with pytest.raises(ClientError, match=f"is not authorized to perform: {missing}|KMS.AccessDenied"):
            redrive.start(to_destination=to_destination)


@MESSAGE_MOVES.deny("{missing}")
@pytest.mark.parametrize("missing", LISTING)
def test_each_of_them_is_needed_to_list(server: Server, tmp_path: Path, missing: str):
    redrive = Redrive(server, tmp_path, "Unlisted" + missing.replace(":", ""), frozenset({missing}))
    with pytest.raises(ClientError, match=f"is not authorized to perform: {missing}"):
        redrive.list()
