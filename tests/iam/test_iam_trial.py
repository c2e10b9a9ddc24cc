"""The tester, tested: what nobody needs survives, and only a denial of just what was taken kills."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server.callers import Question
from tests.iam.apps import Story
from tests.iam.canaries import sung
from tests.iam.everything import EVERYTHING
from tests.iam.laboratory import Laboratory
from tests.iam.matching import Matcher
from tests.iam.permissions import atoms_in
from tests.iam.stories import slack
from tests.iam.trial import NotGreenError, Told, killed_by, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.iam.permissions import Permission
    from tests.iam.statements import Atom

(APP,) = (app for app in EVERYTHING if app.name == "minimal/invoke_function")
DISPATCH = "SlackDispatchRoleDefaultPolicy"
START = "states:StartExecution"


def generous(template: dict[str, Any]) -> None:
    """Dispatch may start the command's machine twice over, and delete a queue, which nobody wants."""
    (policy,) = (one for id, one in template["Resources"].items() if id[:-8] == DISPATCH)
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    again = [{**one, "Sid": "Again"} for one in statements if one["Action"] == START]
    statements += [*again, {"Effect": "Allow", "Action": "sqs:DeleteMessage", "Resource": "*"}]


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """The app with more than it needs."""
    assembly = APP.synthesise(tmp_path_factory.mktemp("iam.cdk.out"))
    with Laboratory(replace(APP, edit=generous), assembly) as laboratory:
        yield laboratory


@pytest.fixture(scope="module")
def hello(laboratory: Laboratory) -> Told:
    """The story that everything here is about."""
    return told(laboratory, slack.typed("/hello"))


def the(laboratory: Laboratory, policy: str, action: str, resource: str = "") -> tuple[Permission, Atom]:
    """The first permission of that kind."""
    (stack,) = laboratory.stacks.values()
    return next(
        (one, atom)
        for one, atom in atoms_in(stack.name, stack.template)
        if one.policy[:-8] == policy and one.action == action and resource in one.resource
    )


def _try_something(laboratory: Laboratory) -> None:
    questions = [Question("logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:other:*")]
    (denial,) = laboratory.cloud.server.denials(laboratory.id("HelloRole"), questions, "us-east-1")
    assert denial is not None


def test_what_is_needed_is_killed(laboratory: Laboratory, hello: Told):
    found = killed_by(laboratory, *the(laboratory, "HelloRoleDefaultPolicy", "logs:PutLogEvents"), [hello])
    assert found is hello.story
    assert not [one for one in told(laboratory, hello.story).decisions if not one.allowed]


def test_what_is_granted_twice_survives(laboratory: Laboratory, hello: Told):
    permission, atom = the(laboratory, DISPATCH, START, "Hello")
    assert hello.uses(Matcher.of(permission, atom, laboratory.stacks[permission.stack]))
    assert killed_by(laboratory, permission, atom, [hello]) is None


def test_what_no_story_uses_survives(laboratory: Laboratory, hello: Told):
    permission, atom = the(laboratory, DISPATCH, "sqs:DeleteMessage")
    assert not hello.uses(Matcher.of(permission, atom, laboratory.stacks[permission.stack]))
    assert killed_by(laboratory, permission, atom, []) is None


def test_a_story_that_goes_wrong_otherwise_kills_nothing(laboratory: Laboratory, hello: Told):
    def tell(_: Laboratory) -> None:
        raise AssertionError("for another reason")

    broken = replace(hello, story=Story("it goes wrong", tell))
    permission = the(laboratory, "HelloRoleDefaultPolicy", "logs:PutLogEvents")
    assert killed_by(laboratory, *permission, [broken]) is None


def test_another_denial_kills_nothing(laboratory: Laboratory, hello: Told):
    other = replace(hello, story=Story("somebody is denied something else", _try_something))
    permission = the(laboratory, "HelloRoleDefaultPolicy", "logs:PutLogEvents")
    assert killed_by(laboratory, *permission, [other]) is None


def test_with_all_permissions_a_story_has_to_go_well(laboratory: Laboratory):
    with pytest.raises(NotGreenError, match="/hullo: AssertionError"):
        told(laboratory, slack.typed("/hullo"))


def test_with_all_permissions_nobody_may_be_denied_anything(laboratory: Laboratory):
    story = Story("somebody tries something", _try_something)
    with pytest.raises(NotGreenError, match="denied with all permissions: \\['logs:PutLogEvents'\\]"):
        told(laboratory, story)
    assert told(laboratory, replace(story, denies=("logs:PutLogEvents",))).decisions


def test_what_a_role_may_do_beyond_its_task_is_found(laboratory: Laboratory):
    number, problems = sung(laboratory, ignoring=())
    assert number > 100
    assert problems == []
