"""The seconds between attempts.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_local.ministack.state_machines.retries import interval


@pytest.mark.parametrize(
    ("retrier", "expected"),
    [
        ({}, [1, 2, 4]),
        ({"IntervalSeconds": 3, "BackoffRate": 1.5}, [3, 4.5, 6.75]),
        ({"IntervalSeconds": 2, "BackoffRate": 1}, [2, 2, 2]),
        ({"IntervalSeconds": 4, "MaxDelaySeconds": 5}, [4, 5, 5]),
    ],
)
def test_the_interval_grows_up_to_its_limit(retrier: dict[str, Any], expected: list[float]):
    assert [interval(retrier, retries) for retries in range(3)] == expected


@given(st.integers(1, 60), st.integers(0, 8))
def test_full_jitter_is_anything_up_to_the_interval(seconds: int, retries: int):
    retrier = {"IntervalSeconds": seconds, "MaxDelaySeconds": 100}
    assert 0 <= interval({**retrier, "JitterStrategy": "FULL"}, retries) <= interval(retrier, retries)
