"""The quotas of AWS WAF's API, with a clock that the test sets.

https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
"""

from __future__ import annotations

import pytest

from chatops_local.ministack.waf.errors import WafError
from chatops_local.ministack.waf.faults import Faults


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def faults(clock: Clock) -> Faults:
    limited = Faults(time_scale=0.1, clock=clock)
    limited.limit_rates(limited=True)
    return limited


def refused(faults: Faults, operation: str, times: int, region: str = "us-east-1") -> int:
    """How many of so many calls are refused."""
    return sum(is_refused(faults, operation, region) for _ in range(times))


def is_refused(faults: Faults, operation: str, region: str) -> bool:
    try:
        faults.check_rate(operation, region)
    except WafError as error:
        return str(error) == "ThrottlingException: Rate exceeded"
    return False


@pytest.mark.parametrize(("operation", "allowed"), [("GetIPSet", 5), ("ListIPSets", 5), ("UpdateIPSet", 1)])
def test_so_many_calls_a_second(faults: Faults, clock: Clock, operation: str, allowed: int):
    assert refused(faults, operation, 8) == 8 - allowed
    clock.now += 0.099
    assert refused(faults, operation, 1) == 1
    clock.now += 0.002  # a second of AWS's is a tenth of one here
    assert refused(faults, operation, 8) == 8 - allowed


def test_operations_of_a_kind_share_a_quota_in_a_region(faults: Faults):
    assert refused(faults, "UpdateIPSet", 1) == 0
    assert refused(faults, "UpdateWebACL", 1) == 1
    assert refused(faults, "UpdateIPSet", 1, "ap-northeast-1") == 0
    assert refused(faults, "GetIPSet", 1) == 0


def test_deleting_and_associating_have_no_such_quota(faults: Faults):
    assert refused(faults, "DeleteIPSet", 20) == 0


def test_nothing_is_limited_unless_it_is_asked_for(clock: Clock):
    assert refused(Faults(1.0, clock), "UpdateIPSet", 100) == 0


def test_a_quota_can_be_lifted_again(faults: Faults):
    faults.limit_rates(limited=False)
    assert refused(faults, "UpdateIPSet", 100) == 0
