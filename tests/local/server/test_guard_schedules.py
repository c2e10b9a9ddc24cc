"""Schedules that are refused, as they would not fire here as they do on AWS."""

from typing import Any

import pytest

from chatops_local.server import UnsupportedError, guard


def template(resource_type: str, **properties: Any) -> dict[str, Any]:
    return {"Resources": {"Made": {"Type": resource_type, "Properties": properties}}}


def test_a_rule_that_would_fire_by_the_wall_clock():
    with pytest.raises(UnsupportedError, match="a rule with a ScheduleExpression is not emulated; use a schedule of"):
        guard.check("Ops", template("AWS::Events::Rule", ScheduleExpression="rate(5 minutes)", Targets=[]))


def test_a_universal_target():
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:ssm:sendCommand", "RoleArn": "arn:aws:iam::123456789012:role/r"}
    with pytest.raises(UnsupportedError, match="universal target arn:aws:scheduler:::aws-sdk:ssm:sendCommand is not"):
        guard.check("Ops", template("AWS::Scheduler::Schedule", Target=target))
