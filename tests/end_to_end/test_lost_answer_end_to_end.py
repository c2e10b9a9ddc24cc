"""Systems Manager carries a send out and does not answer: the command is found again and not sent a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud


def commands(cloud: LocalCloud) -> int:
    """How many commands Systems Manager knows of."""
    pages = cloud.server.client("ssm").get_paginator("list_commands").paginate()
    return sum(len(page["Commands"]) for page in pages)


def test_an_unanswered_send_is_found_again(cloud: LocalCloud):
    before = commands(cloud)
    cloud.server.lose_answer("SendCommand")
    sent = cloud.slack.send("/ok", endpoint="A0FIRST1")
    (message,) = sent.wait(60)
    assert "hello from one-1" in message.shown
    assert cloud.problems_of(sent) == []
    assert commands(cloud) == before + 1


@pytest.mark.parametrize("action", ["ListCommands", "ListCommandInvocations", "GetCommandInvocation"])
def test_an_unanswered_question_is_asked_again(cloud: LocalCloud, action: str):
    cloud.server.lose_answer(action)
    sent = cloud.slack.send("/ok", endpoint="A0FIRST1")
    (message,) = sent.wait(60)
    assert "hello from one-1" in message.shown
    assert cloud.problems_of(sent) == []
