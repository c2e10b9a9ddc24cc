"""What a role may do, asked without doing it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.server.callers import Question

if TYPE_CHECKING:
    from chatops_local.server import Server

QUEUE = "arn:aws:sqs:us-east-1:123456789012:asked-about"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def test_it_is_answered_as_the_call_would_be(server: Server) -> None:
    iam = server.client("iam")
    condition = {"StringEquals": {"ssm:resourceTag/Role": "web"}}
    statements = [
        {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE},
        {"Effect": "Allow", "Action": "ssm:SendCommand", "Resource": "*", "Condition": condition},
    ]
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    iam.create_role(
        RoleName="asked", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust})
    )
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName="asked", PolicyName="policy", PolicyDocument=document)
    tagged = {"ssm:resourceTag/Role": "web"}
    instance = "arn:aws:ec2:us-east-1:123456789012:instance/i-1"
    questions = [
        Question("sqs:SendMessage", QUEUE),
        Question("ssm:SendCommand", instance, tagged),
        Question("sqs:SendMessage", f"{QUEUE}-too"),
        Question("sqs:DeleteQueue", QUEUE),
        Question("ssm:SendCommand", instance),
    ]
    answers = server.denials("asked", questions, "us-east-1")
    assert answers[:2] == [None, None]
    for question, denial in zip(questions[2:], answers[2:], strict=True):
        assert denial is not None
        assert f"assumed-role/asked/question is not authorized to perform: {question.action} " in denial
