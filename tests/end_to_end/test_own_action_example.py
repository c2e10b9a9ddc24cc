"""The example of an action of one's own: it is as short as its page says, and does what it says."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud
from tests.end_to_end.approval.room import Room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.slack import SentCommand

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_action"
PAGE = Path(__file__).parents[2] / "docs" / "writing-an-action.md"
PARAMETER = "/shop/mode"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """The example, deployed."""
    assembly = synth(EXAMPLE, tmp_path_factory.mktemp("cdk.out"), account="123456789012", region="us-east-1")
    with LocalCloud.start(time_scale=0.05, instances=[]) as cloud:
        cloud.deploy(assembly.directory)
        yield cloud


def send(shop: LocalCloud, line: str) -> SentCommand:
    return shop.slack.send(line, channel="C0123OPS", user="U0TARO")


def mode(shop: LocalCloud) -> str:
    value: str = shop.server.client("ssm").get_parameter(Name=PARAMETER)["Parameter"]["Value"]
    return value


def test_the_action_has_less_than_forty_lines() -> None:
    tree = ast.parse((EXAMPLE / "app.py").read_text(encoding="utf-8"))
    (action,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    assert action.end_lineno is not None
    assert action.end_lineno - action.lineno + 1 < 40
    assert "under 40 lines" in PAGE.read_text(encoding="utf-8")


def test_what_is_typed_is_what_the_parameter_holds(shop: LocalCloud) -> None:
    sent = send(shop, "/mode quiet")
    assert [message.shown for message in sent.wait(60)][-1] == "It is quiet now."
    assert mode(shop) == "quiet"
    assert shop.problems_of(sent) == []


def test_what_is_not_typed_is_chosen_from_a_menu(shop: LocalCloud) -> None:
    sent = send(shop, "/mode")
    room = Room(shop, {})
    room.click(room.question(sent), "Submit", "U0TARO", selected="closed")
    assert "It is closed now." in room.result(sent)
    assert mode(shop) == "closed"


def test_any_other_value_is_refused_at_once(shop: LocalCloud) -> None:
    before = mode(shop)
    sent = send(shop, "/mode lout")
    assert "Did you mean `loud`?" in sent.ack.text
    assert shop.executions_of(sent) == []
    assert mode(shop) == before
