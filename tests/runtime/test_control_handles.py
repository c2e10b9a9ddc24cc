"""The handle in a control: parsed, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.contracts import control
from chatops_runtime.contracts.control import Handle
from tests.fuzz.hostile import ANY_TEXT, UNTIMED

NAMES = st.text("abcXYZ0189-_", min_size=1, max_size=64)


@UNTIMED
@given(NAMES, NAMES, NAMES | st.just(""))
def test_a_handle_survives_its_control(machine, execution, nonce):
    parsed = Handle.parse(str(Handle(machine, execution, nonce)))
    assert parsed is not None
    assert (parsed.machine, parsed.execution, parsed.nonce) == (machine, execution, nonce)


@UNTIMED
@given(ANY_TEXT | st.builds("v1:{}:{}:{}".format, ANY_TEXT, NAMES, NAMES))
def test_whatever_else_is_none_or_says_what_it_said(text):
    parsed = Handle.parse(text)
    assert parsed is None or str(parsed) == text


@pytest.mark.parametrize(
    "value",
    [
        *("", "v1", "v1::x:", "v1:x::", "v1:x:y", "v1:x:y:z:w", "v2:x:y:z", "V1:x:y:z", " v1:x:y:z", "v1:x:y:z\n"),
        *("v1:x/../y:z:", "v1:x*:y:", "v1:arn:aws:states:x", f"v1:{'x' * 81}:y:", f"v1:x:{'y' * 81}:", "v1:é:y:z"),
        f"v1:x:y:{'z' * 65}",
    ],
)
def test_what_is_no_handle(value):
    assert Handle.parse(value) is None


def test_a_handle_keeps_its_nonce_to_itself():
    assert "4f8c" not in repr(Handle("machine", "execution", "4f8c8f0e"))


@pytest.mark.parametrize(
    ("action_id", "number"),
    [
        ("chatops.menu.0", 0),
        ("chatops.menu.12", 12),
        ("chatops.menu.", None),
        ("chatops.menu.x", None),
        ("chatops.menu.-1", None),
        ("chatops.menu.²", None),
        ("chatops.menu.1000", None),
        ("chatops.menu", None),
        ("x.chatops.menu.1", None),
        ("12", None),
    ],
)
def test_menus_are_counted(action_id, number):
    assert control.menu_number(action_id) == number
    if number is not None:
        assert control.menu(number) == action_id


def test_buttons_in_a_row_that_run_commands_differ_and_are_known():
    assert [control.run(number) for number in range(2)] == ["chatops.run.0", "chatops.run.1"]
    assert control.is_run("chatops.run")
    assert control.is_run(control.run(0))
    assert not control.is_run("chatops.runner")
