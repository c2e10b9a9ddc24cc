"""What the examples permit: the page about it, and what stands for itself because it is broad."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.iam.apps import ACCOUNT, EXAMPLES
from tests.iam.elsewhere import CDKS_OWN
from tests.iam.everything import EVERYTHING
from tests.iam.page import PAGE, enumerated, page

if TYPE_CHECKING:
    from tests.iam.permissions import Permission

Enumerated = dict[str, list["Permission"]]

# A policy that a construct makes by itself, as grants come in: nobody chose what is in it.
UNNAMED = "DefaultPolicy"
# What a policy of a resource is about is that resource; of a log group, `:*` are its streams.
OWN = ("Key", "LogGroup")
ID_OF_AN_ACCOUNT = re.compile(r"\b[0-9]{12}\b")


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Enumerated:
    """Every permission of every example."""
    return enumerated(tmp_path_factory.mktemp("iam"))


def test_every_example_is_tried():
    files = {str(path.relative_to(EXAMPLES).with_suffix("")) for path in EXAMPLES.glob("m??imal/*.py")}
    folders = {path.parent.name for path in EXAMPLES.glob("*/cdk.json")}
    assert {app.name for app in EVERYTHING} == files | folders


def test_the_page_is_about_these_permissions(examples: Enumerated):
    assert PAGE.read_text("utf-8") == page(examples), "write it anew: python -m tests.iam.page"


def test_all_of_it_is_in_the_one_account(examples: Enumerated):
    named = {number for one in examples.values() for each in one for number in ID_OF_AN_ACCOUNT.findall(each.resource)}
    assert named == {ACCOUNT}


def test_no_two_are_the_same(examples: Enumerated):
    for permissions in examples.values():
        assert len(set(permissions)) == len(permissions)


def test_what_is_for_everything_stands_in_a_policy_of_its_own(examples: Enumerated):
    for app, permissions in examples.items():
        broad = {
            (one.stack, one.policy)
            for one in permissions
            if one.resource == "*" and not one.policy.startswith((*CDKS_OWN, *OWN))
        }
        for stack, policy in broad:
            assert not policy[:-8].endswith(UNNAMED), f"{app}: {policy} of {stack} has a `*` among other things"


def test_there_is_what_is_for_everything(examples: Enumerated):
    assert any(one.resource == "*" for one in examples["ops_bot"])
