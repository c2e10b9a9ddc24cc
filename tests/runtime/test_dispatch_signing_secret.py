"""The signing secret and the one that it replaced, as reading after reading shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.dispatch.parameters import Parameter
from chatops_runtime.dispatch.signing_secret import PREVIOUS_SECONDS, SigningSecret


def parameter(value: str, version: int, modified_at: float) -> Parameter:
    return Parameter(value, version=version, modified_at=modified_at)


def seen(*readings: tuple[Parameter | None, float]) -> SigningSecret:
    secret = SigningSecret()
    for reading in readings:
        secret.see(*reading)
    return secret


def test_before_the_first_reading_there_is_none() -> None:
    assert SigningSecret().accepted(0) == ()
    assert SigningSecret().is_missing


def test_one_is_accepted() -> None:
    secret = seen((parameter("one", 1, 100), 1_000))
    assert secret.accepted(1_000) == ("one",)
    assert not secret.is_missing


def test_the_replaced_one_is_accepted_until_five_minutes_after_it_was_replaced() -> None:
    secret = seen((parameter("one", 1, 100), 1_000), (parameter("two", 2, 1_010), 1_040))
    assert secret.accepted(1_040) == ("two", "one")
    assert secret.accepted(1_010 + PREVIOUS_SECONDS - 1) == ("two", "one")
    assert secret.accepted(1_010 + PREVIOUS_SECONDS) == ("two",)


def test_a_function_that_slept_does_not_accept_what_was_replaced_long_ago() -> None:
    secret = seen((parameter("leaked", 1, 100), 1_000), (parameter("new", 2, 5_000), 90_000))
    assert secret.accepted(90_000) == ("new",)


@pytest.mark.parametrize("version", [3, 1], ids=["two rotations", "deleted and made anew"])
def test_with_others_in_between_it_counts_when_the_replaced_one_was_last_seen(version: int) -> None:
    secret = seen((parameter("leaked", 1, 100), 1_000), (parameter("new", version, 89_999), 90_000))
    assert secret.accepted(90_000) == ("new",)


def test_two_rotations_in_a_minute_keep_what_is_under_way() -> None:
    secret = seen((parameter("one", 1, 100), 1_000), (parameter("three", 3, 1_020), 1_030))
    assert secret.accepted(1_030) == ("three", "one")
    assert secret.accepted(1_000 + PREVIOUS_SECONDS) == ("three",)


def test_the_same_value_written_again_replaces_nothing() -> None:
    secret = seen((parameter("one", 1, 100), 1_000), (parameter("one", 2, 1_010), 1_040))
    assert secret.accepted(1_040) == ("one",)


def test_a_parameter_that_is_gone_leaves_nothing() -> None:
    secret = seen((parameter("one", 1, 100), 1_000), (parameter("two", 2, 1_010), 1_040), (None, 1_050))
    assert secret.accepted(1_050) == ()
    assert secret.is_missing


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(1, 1_000), st.floats(0, 2_000)), min_size=1, max_size=8))
def test_nothing_is_accepted_five_minutes_after_it_stopped_being_the_secret(
    writes: list[tuple[str, float, float]],
) -> None:
    """Whenever it is written, and whenever it is read: what is accepted is the value, or was within five minutes."""
    now, secret, ended = 0.0, SigningSecret(), {}
    current: str | None = None
    for version, (value, until_written, until_read) in enumerate(writes, 1):
        now += until_written
        if current is not None and current != value:
            ended[current] = now
        current, written_at = value, now
        now += until_read
        secret.see(parameter(value, version, written_at), now)
        accepted = secret.accepted(now)
        assert accepted[0] == value
        for other in accepted[1:]:
            assert now < ended[other] + PREVIOUS_SECONDS
