"""The questions and the comparison; without the program that is asked, for which `python -m tests.second_opinion` is.

The requests are about https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.second_opinion import comparison, simulator
from tests.second_opinion.comparison import Disagreement, disagreements, problems
from tests.second_opinion.permissions import resource_policies, roles
from tests.second_opinion.questions import Question
from tests.second_opinion.requests import Request, requests
from tests.second_opinion.templates import ACCOUNT, REGION, Template

PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
ARNS = {
    "ssm:GetParameter": ["arn:${Partition}:ssm:${Region}:${Account}:parameter/${Name}"],
    "ssm:PutParameter": ["arn:${Partition}:ssm:${Region}:${Account}:parameter/${Name}"],
    "ssm:ListCommands": [],
    "s3:GetObject": ["arn:${Partition}:s3:::${BucketName}/${ObjectName}"],
}


def asked(action: str, resource: str | list[str], **more: Any) -> list[Request]:
    return list(requests({"Effect": "Allow", "Action": action, "Resource": resource, **more}, ARNS))


def test_a_statement_is_asked_about_as_written_and_missed_by_one_thing_each() -> None:
    condition = {"StringEquals": {"ssm:resourceTag/Role": ["web", "app"]}}
    found = asked("ssm:GetParameter", f"{PARAMETER}/one", Condition=condition)
    key = "ssm:resourceTag/Role"
    assert [
        (each.about, each.action, each.resource.removeprefix(PARAMETER), each.context.get(key)) for each in found
    ] == [
        ("as it is written", "ssm:GetParameter", "/one", "web"),
        ("another action", "ssm:PutParameter", "/one", "web"),
        ("another resource", "ssm:GetParameter", "/one-other", "web"),
        ("another resource", "ssm:GetParameter", "/on", "web"),
        ("another resource", "ssm:GetParameter", f"arn:aws:ssm:us-west-2:{ACCOUNT}:parameter/one", "web"),
        (f"without {key}", "ssm:GetParameter", "/one", None),
        (f"another {key}", "ssm:GetParameter", "/one", "web-other"),
        (f"another {key}", "ssm:GetParameter", "/one", "WEB"),
    ]


def test_any_resource_is_one_that_the_action_takes() -> None:
    assert asked("ssm:GetParameter", "*")[0].resource == f"{PARAMETER}/any"
    assert asked("ssm:ListCommands", "*") == [Request("ssm:ListCommands", "*", {}, "as it is written")]


def test_an_action_is_not_asked_about_resources_of_other_actions() -> None:
    bucket = "arn:aws:s3:::site"
    assert {each.resource for each in asked("s3:Get*", [bucket, f"{bucket}/*"])} == {
        f"{bucket}/any",
        f"{bucket}/any-other",
        f"{bucket}/an",
    }
    assert asked("s3:GetObject", bucket)[0].resource == bucket, "a statement that is never of use does not go unnoticed"


def test_roles_have_the_policies_that_the_template_gives_them() -> None:
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": ["Queue", "Arn"]}}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    permission = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": "Function"},
        "Principal": "sns.amazonaws.com",
    }
    template = Template(
        "Some",
        {
            "Resources": {
                "Role": {"Type": "AWS::IAM::Role", "Properties": {}},
                "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "letters"}},
                "Policy": {
                    "Type": "AWS::IAM::Policy",
                    "Properties": {"PolicyDocument": document, "Roles": [{"Ref": "Role"}]},
                },
                "Function": {"Type": "AWS::Lambda::Function"},
                "Invoke": {"Type": "AWS::Lambda::Permission", "Properties": permission},
            }
        },
    )
    (role,) = roles(template)
    assert role.name == "Role"
    (queue,) = (each["Resource"] for policy in role.policies for each in policy["Statement"])
    assert queue == f"arn:aws:sqs:{REGION}:{ACCOUNT}:letters"
    assert list(resource_policies(template)) == [f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:Function"]


def question(ours: str, action: str = "sns:Publish") -> Question:
    return Question("a role", {"action": action, "resource": "arn", "context": {}}, ours, "our reason")


def test_a_disagreement_fails_with_both_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "KNOWN", {})
    answers = [{"decision": "Allowed", "reason": ""}, {"decision": "ImplicitlyDenied", "reason": "their reason"}]
    (found,) = problems(disagreements([question("Allowed"), question("Allowed")], answers))
    assert "sns:Publish on arn" in found
    assert "Allowed (our reason)" in found
    assert "ImplicitlyDenied (their reason)" in found


def test_known_differences_pass_and_those_that_are_none_any_more_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "KNOWN", {("sns:Publish", "no.resource"): "why"})
    known = Disagreement(question("Allowed"), "error", "no.resource.types")
    other = Disagreement(question("Allowed", "sns:Subscribe"), "error", "no.resource.types")
    assert problems([known]) == []
    assert problems([known, other]) == [str(other)]
    assert len(problems([])) == 1


def test_every_package_is_pinned_by_hash_and_none_by_address() -> None:
    lock = (simulator.HERE / "npm-shrinkwrap.json").read_text(encoding="utf-8")
    root, *packages = json.loads(lock)["packages"].values()
    assert (
        root["dependencies"]
        == json.loads((simulator.HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    )
    assert packages
    assert all(re.fullmatch(r"sha512-[\w+/]{86}==", package["integrity"]) for package in packages)
    assert "://" not in lock


def test_what_cannot_be_installed_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    with pytest.raises(simulator.NotInstalledError, match=r"(?s)Is npm's registry reachable.*ECONNREFUSED"):
        simulator.installed(tmp_path)
    assert not list(tmp_path.rglob(".installed"))
