"""Statuses: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html."""

from __future__ import annotations

import pytest

from chatops_local.run_command import statuses
from chatops_local.run_command.statuses import (
    CANCELLED,
    DELIVERY_TIMED_OUT,
    EXECUTION_TIMED_OUT,
    FAILED,
    INCOMPLETE,
    SUCCESS,
    TERMINATED,
    UNDELIVERABLE,
)


@pytest.mark.parametrize(
    ("invocations", "max_errors", "expected"),
    [
        ([SUCCESS, SUCCESS], 0, SUCCESS),
        ([SUCCESS, FAILED], 0, FAILED),
        ([SUCCESS, FAILED], 1, INCOMPLETE),
        ([FAILED, FAILED], 1, FAILED),
        ([EXECUTION_TIMED_OUT, SUCCESS], 0, EXECUTION_TIMED_OUT),
        ([EXECUTION_TIMED_OUT, FAILED], 1, FAILED),
        ([DELIVERY_TIMED_OUT, SUCCESS], 0, DELIVERY_TIMED_OUT),
        ([DELIVERY_TIMED_OUT, SUCCESS], 1, INCOMPLETE),
        ([DELIVERY_TIMED_OUT, FAILED], 0, FAILED),
        ([FAILED, TERMINATED, TERMINATED], 0, FAILED),
        # "four Undeliverable and one Success": what did not arrive counts for nothing
        ([UNDELIVERABLE] * 4 + [SUCCESS], 0, SUCCESS),
        ([UNDELIVERABLE], 0, SUCCESS),
        ([CANCELLED, SUCCESS], 0, INCOMPLETE),
    ],
)
def test_the_commands_status(invocations, max_errors, expected):
    assert statuses.of_command(invocations, max_errors=max_errors, cancelled=False) == expected


def test_a_cancelled_command_is_cancelled_whatever_failed():
    assert statuses.of_command([FAILED, CANCELLED], max_errors=0, cancelled=True) == CANCELLED


@pytest.mark.parametrize(
    ("plugins", "expected"),
    [
        ([SUCCESS], SUCCESS),
        ([], SUCCESS),
        ([SUCCESS, CANCELLED], CANCELLED),
        ([CANCELLED, EXECUTION_TIMED_OUT], EXECUTION_TIMED_OUT),
        ([EXECUTION_TIMED_OUT, FAILED, SUCCESS], FAILED),
    ],
)
def test_the_invocations_status_is_the_worst_of_its_steps(plugins, expected):
    assert statuses.of_invocation(plugins) == expected
