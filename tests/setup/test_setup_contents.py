"""What is read from templates: endpoints, commands, tokens, and targets out of policies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_runtime.contracts import template_metadata
from chatops_setup.contents import Command, ContentsError, contents_of
from chatops_setup.stack import Stack
from chatops_setup.targets import Target, targets_of

if TYPE_CHECKING:
    from pathlib import Path

MARK = {
    "version": 1,
    "url_output": "Url",
    "team_id": "T012AB3CD",
    "app_id": "A034CD5EF",
    "signing_secret_parameter": "/ops/prod/slack-signing-secret",
}


def template(*marks: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "Resources": {
            f"Function{number}": {"Type": "AWS::Lambda::Function", "Metadata": {kind: mark}}
            for number, (kind, mark) in enumerate(marks)
        }
    }


def test_what_the_constructs_synthesise(assembly: Path) -> None:
    contents = Stack.synthesised("Ops", assembly).contents
    (endpoint,) = contents.endpoints
    assert (endpoint.name, endpoint.team_id, endpoint.app_id) == ("Ops/Slack", "T012AB3CD", "A034CD5EF")
    assert endpoint.commands == (
        Command("/ops hello", "says hello", "/ops hello [text]", should_escape=False),
        Command("/ops restart", "restarts it", "/ops restart", should_escape=False),
        Command("/ps", "top processes", "/ps", should_escape=False),
    )
    assert endpoint.slash_commands == ["/ops", "/ps"]
    assert contents.bot_token_parameters == ["/ops/prod/slack-bot-token"]
    assert contents.targets == (Target(tags=(("Role", ("web",)),)),)
    resources = json.loads((assembly / "Ops.template.json").read_text("utf-8"))["Resources"]
    assert resources[endpoint.log_group]["Type"] == "AWS::Logs::LogGroup"
    assert resources[contents.instance_policy]["Type"] == "AWS::IAM::ManagedPolicy"


def test_aliases_scopes_and_controls() -> None:
    shown = {"description": "restarts it", "should_escape": False, "scopes": ["usergroups:read"]}
    commands = {
        "/ops restart": {**shown, "usage": "/ops restart <nginx|app>"},
        "/restart": {**shown, "usage": "/restart <nginx|app>", "alias_of": "/ops restart"},
    }
    mark = {**MARK, "interactivity": True, "commands": commands}
    (endpoint,) = contents_of(template((template_metadata.ENDPOINT, mark)), "Ops").endpoints
    assert endpoint.slash_commands == ["/ops", "/restart"]
    assert [each.alias_of for each in endpoint.commands] == [None, "/ops restart"]
    assert endpoint.further_scopes == {"usergroups:read"}
    assert endpoint.interactivity


def test_events_and_interactions() -> None:
    mark = {
        **MARK,
        "events": {
            "message": {"description": "reads", "subscriptions": ["message.im"], "scopes": ["im:history"]},
            "app_mention": {
                "description": "answers",
                "subscriptions": ["app_mention"],
                "scopes": ["app_mentions:read"],
            },
        },
        "interactions": {
            "shortcut:page_oncall": {"type": "shortcut", "id": "page_oncall", "description": "pages", "scopes": []},
            "block_actions:go_*": {
                "type": "block_actions",
                "id": "go_*",
                "description": "goes",
                "scopes": ["users:read"],
            },
        },
    }
    (endpoint,) = contents_of(template((template_metadata.ENDPOINT, mark)), "Ops").endpoints
    assert [each.name for each in endpoint.events] == ["app_mention", "message"]
    assert [(each.title, each.shortcut_type) for each in endpoint.interactions] == [
        ("Go", None),
        ("Page oncall", "global"),
    ]
    assert endpoint.further_scopes == {"app_mentions:read", "im:history", "users:read"}


def test_an_endpoint_of_a_version_that_did_not_name_its_commands() -> None:
    (endpoint,) = contents_of(template((template_metadata.ENDPOINT, MARK)), "Ops").endpoints
    assert (endpoint.name, endpoint.commands, endpoint.bot_token_parameter) == ("Function0", (), None)


@pytest.mark.parametrize(("token", "posts"), [("/ops/prod/slack-bot-token", True), ("/other/slack-bot-token", False)])
def test_an_app_posts_for_a_notifier_with_its_secrets(token: str, posts: bool) -> None:
    notifier = (template_metadata.NOTIFIER, {"version": 1, "bot_token_parameter": token})
    contents = contents_of(template((template_metadata.ENDPOINT, MARK), notifier, notifier), "Ops")
    assert [each.app_posts for each in contents.endpoints] == [posts]
    assert contents.bot_token_parameters == [token]


def test_a_scheduled_bot_posts_as_well_and_other_secrets_of_functions_are_none_of_slacks() -> None:
    token = {"name": "/ops/prod/slack-bot-token", "store": "parameter", "kind": "bot_token"}
    other = {"name": "/ops/prod/api-key", "store": "parameter", "kind": "text"}
    bot = (template_metadata.SECRETS, {"version": 1, "secrets": [token, other]})
    assert contents_of(template(bot), "Ops").bot_token_parameters == ["/ops/prod/slack-bot-token"]


@pytest.mark.parametrize(
    "nothing", [{}, {"Resources": {}}, "AWSTemplateFormatVersion: 2010-09-09", template(("x", {}))]
)
def test_a_template_with_nothing_of_ours(nothing: Any) -> None:
    with pytest.raises(ContentsError, match="the stack Ops has no construct of chatops-constructs in it"):
        contents_of(nothing, "Ops")


def test_a_mark_of_another_version() -> None:
    with pytest.raises(ContentsError, match="has version 2, this program reads version 1: install"):
        contents_of(template((template_metadata.ENDPOINT, {**MARK, "version": 2})), "Ops")


def test_an_id_that_only_the_deployment_knows() -> None:
    with pytest.raises(ContentsError, match=r"its app_id is {'Ref': 'App'}, which is known at deployment only"):
        contents_of(template((template_metadata.ENDPOINT, {**MARK, "app_id": {"Ref": "App"}})), "Ops")


def statement(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "ssm:SendCommand", "Resource": "*", **more}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    document = {"Statement": list(statements)}
    return {"Resources": {"P": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": document}}}}


@pytest.mark.parametrize(
    ("found", "targets"),
    [
        (
            statement(Condition={"StringEquals": {"ssm:resourceTag/Role": ["web", "app"], "ssm:resourceTag/S": "p"}}),
            [Target(tags=(("Role", ("web", "app")), ("S", ("p",))))],
        ),
        (
            statement(
                Resource=[{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":instance/i-0123456789abcdef0"]]}]
            ),
            [Target(ids=("i-0123456789abcdef0",))],
        ),
        (statement(Resource="arn:aws:ssm:::document/Ps"), []),
        (statement(Effect="Deny", Condition={"StringEquals": {"ssm:resourceTag/Role": "web"}}), []),
        ({**statement(), "Action": ["ssm:ListCommands"]}, []),
    ],
)
def test_targets_are_what_may_be_sent_to(found: dict[str, Any], targets: list[Target]) -> None:
    assert targets_of(policy(found, found)) == targets


def test_a_target_in_words_and_as_filters() -> None:
    tagged = Target(tags=(("Role", ("web", "app")), ("Stage", ("prod",))))
    assert tagged.description == "Role=web|app and Stage=prod"
    assert tagged.ssm_filters[0] == {"Key": "tag:Role", "Values": ["web", "app"]}
    assert tagged.ec2_filters[1] == {"Name": "tag:Stage", "Values": ["prod"]}
    named = Target(ids=("i-01234567",))
    assert named.description == "i-01234567"
    assert named.ssm_filters == [{"Key": "InstanceIds", "Values": ["i-01234567"]}]
