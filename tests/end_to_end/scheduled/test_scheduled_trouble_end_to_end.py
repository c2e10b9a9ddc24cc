"""Calls of Systems Manager that are refused, or carried out without an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.scheduled.effects import SUCCEEDED, Effects, calls, effects, notice_of, run_of

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud
    from tests.end_to_end.scheduled.instances import Instances

ALL_OF_WEB = {"web-1": 1, "web-2": 1, "web-3": 1}
RAN = Effects("SUCCEEDED", ran=ALL_OF_WEB, told=SUCCEEDED, commands=1)


@pytest.mark.parametrize("task", ["All", "WithoutSignal"])
def test_a_throttled_send_is_sent_again(cloud: LocalCloud, instances: Instances, task: str):
    cloud.server.throttle("SendCommand", times=2)
    assert effects(cloud, instances, cloud.tick(task)) == RAN


def test_a_send_that_is_always_throttled(cloud: LocalCloud, instances: Instances):
    cloud.server.throttle("SendCommand", times=1000)
    tick = cloud.tick("All")
    expected = Effects("FAILED ChatOps.RunError", told=[("failed", "error")])
    assert effects(cloud, instances, tick) == expected
    cloud.server.throttle("SendCommand", times=0)
    notice = notice_of(tick)
    assert notice["error"] in ("Ssm.ThrottlingException", "Ssm.SsmException")
    assert "Rate exceeded" in notice["cause"]


@pytest.mark.parametrize("task", ["All", "WithoutSignal"])
def test_a_send_without_an_answer_is_found_again(cloud: LocalCloud, instances: Instances, task: str):
    cloud.server.lose_answer("SendCommand")
    tick = cloud.tick(task)
    assert effects(cloud, instances, tick) == RAN
    assert calls(cloud, run_of(tick).arn, "sendCommand") == 1


def test_a_send_to_any_one_without_an_answer_is_found_again(cloud: LocalCloud, instances: Instances):
    cloud.server.lose_answer("SendCommand")
    tick = cloud.tick("AnyOne")
    assert effects(cloud, instances, tick) == Effects("SUCCEEDED", ran={"web-1": 1}, told=SUCCEEDED, commands=1)


@pytest.mark.parametrize(
    "action", ["DescribeDocument", "DescribeInstanceInformation", "ListCommands", "ListCommandInvocations"]
)
def test_a_question_that_is_throttled_or_not_answered_is_asked_again(
    cloud: LocalCloud, instances: Instances, action: str
):
    cloud.server.throttle(action, times=2)
    assert effects(cloud, instances, cloud.tick("All")) == RAN
    cloud.server.lose_answer(action)
    assert effects(cloud, instances, cloud.tick("All")) == RAN
