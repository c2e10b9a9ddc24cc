"""What people type after the command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.durations import leading, spelled
from chatops_runtime.maintenance.orders import Off, On, OrderError, Status, parse


@pytest.mark.parametrize(
    ("text", "seconds", "reason"),
    [
        ("on for 30m", 1800, ""),
        ("on for 1h30m", 5400, ""),
        ("on for 90 minutes", 5400, ""),
        ("on for 2h", 7200, ""),
        ("ON FOR 1 Hour 30 Mins new database", 5400, "new database"),
        ("on for 1h 30 servers are moved", 3600, "30 servers are moved"),
        ("on for 1m", 60, ""),
        ("on for 24h", 86_400, ""),
        ("on for 1440m", 86_400, ""),
        ("on for １時間３０分 データベースの更新", 5400, "データベースの更新"),
        ("on for 30分間", 1800, ""),
        ("on for 30分データベースの更新", 1800, "データベースの更新"),
        ("on", None, ""),
        ("on moving the database", None, "moving the database"),
        ("on forever", None, "forever"),
        ("on 5 servers", None, "5 servers"),
    ],
)
def test_on(text: str, seconds: int | None, reason: str) -> None:
    assert parse(text) == On(seconds, reason)


@pytest.mark.parametrize("text", ["off", " OFF ", "Off"])
def test_off(text: str) -> None:
    assert parse(text) == Off()


@pytest.mark.parametrize("text", ["status", "", "   ", "STATUS"])
def test_status(text: str) -> None:
    assert parse(text) == Status()


@pytest.mark.parametrize(
    "text",
    [
        "onfor 30m",
        "close",
        "off now",
        "status please",
        "on for",
        "on for ever",
        "on for 0m",
        "on for 59",
        "on for 30s",
        "on for 1.5h",
        "on for -5m",
        "on for 24h1m",
        "on for 1441m",
        "on for 99999h",
        "on for 30mm",
        "on 30m",
        "on 1h30m new database",
        f"on {'x' * 201}",
    ],
)
def test_what_is_no_order_closes_nothing(text: str) -> None:
    with pytest.raises(OrderError):
        parse(text)


@given(st.text())
def test_any_text_is_an_order_or_is_refused(text: str) -> None:
    try:
        order = parse(text)
    except OrderError:
        return
    if isinstance(order, On) and order.seconds is not None:
        assert 60 <= order.seconds <= 86_400


@given(st.integers(min_value=1, max_value=1440), st.sampled_from(["", " because", "\tof it"]))
def test_what_is_spelled_is_read_again(minutes: int, rest: str) -> None:
    assert leading(spelled(minutes * 60) + rest) == (minutes * 60, rest.strip())


@given(
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["h", " hours", "hr", "時間"]),
    st.sampled_from(["m", " min"]),
)
def test_units_in_any_spelling(hours: int, minutes: int, hour: str, minute: str) -> None:
    assert leading(f"{hours}{hour} {minutes}{minute}") == (hours * 3600 + minutes * 60, "")
