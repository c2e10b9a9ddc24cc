"""The controls in our messages: what tells them apart, and the handle by which a click finds its execution.

Every control has an `action_id` of ours. The value of all but `RUN` and the menus is a *handle*:

    v1:<name of the state machine>:<name of the execution>:<nonce>

The nonce is a UUID that the machine makes for each question, and empty for `CANCEL`, which asks none. It stands in the
control and in the execution's own history, and nowhere else: a handle is authentic if the execution's history has its
nonce, compared in constant time. A token of Step Functions would not fit: it may be 2,048 characters
(https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html) and a button's value 2,000
(https://docs.slack.dev/reference/block-kit/block-elements/button-element).

The value of `RUN` is a command line, such as `/logsearch abc --since 3h`, run as if who clicks had typed it there. A
row of such buttons has `chatops.run.0`, `chatops.run.1` and so on: Slack takes each `action_id` once in a block.

A menu's is what is chosen. Choosing does nothing: the click on `SUBMIT` brings what all menus of the message hold.
"""

from __future__ import annotations

APPROVE = "chatops.approve"
DENY = "chatops.deny"
CONFIRM = "chatops.confirm"
DECLINE = "chatops.decline"
SUBMIT = "chatops.submit"
CANCEL = "chatops.cancel"
RUN = "chatops.run"

MENU_PREFIX = "chatops.menu."

DECIDED = frozenset({APPROVE, DENY, CONFIRM, DECLINE, SUBMIT, CANCEL})
"""Controls whose value is a handle: what becomes of a click on them, the decide machine says."""

LONGEST_RUN = 2000
"""https://docs.slack.dev/reference/block-kit/block-elements/button-element: characters of a value."""

_VERSION = "v1"
_LONGEST_MACHINE = 80
_LONGEST_EXECUTION = 80
_LONGEST_NONCE = 64
_OF_NAMES = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


class Handle:
    """Which execution of which machine a control is about, and which of its questions."""

    def __init__(self, machine: str, execution: str, nonce: str = "") -> None:
        """Of names, not ARNs: account and region are those of whoever reads it.

        Args:
            machine: The state machine's name.
            execution: The execution's name.
            nonce: Of the question; empty for a control that answers none.
        """
        self.machine = machine
        self.execution = execution
        self.nonce = nonce

    @classmethod
    def parse(cls, value: str) -> Handle | None:
        """The handle that `value` is, or None if it is none. What it says is still to be proved by its nonce."""
        version, *parts = value.split(":")
        if version != _VERSION or len(parts) != 3:
            return None
        machine, execution, nonce = parts
        if _is_name(machine, _LONGEST_MACHINE) and _is_name(execution, _LONGEST_EXECUTION):
            return cls(*parts) if not nonce or _is_name(nonce, _LONGEST_NONCE) else None
        return None

    def __str__(self) -> str:
        """The control's value."""
        return f"{_VERSION}:{self.machine}:{self.execution}:{self.nonce}"


def menu(number: int) -> str:
    """The `action_id` of a message's menu; they are counted from 0, in the order in which they are shown."""
    return f"{MENU_PREFIX}{number}"


def run(number: int) -> str:
    """The `action_id` of one of several buttons in a row that run commands."""
    return f"{RUN}.{number}"


def is_run(action_id: str) -> bool:
    """Whether an `action_id` is that of a button that runs a command."""
    return action_id == RUN or action_id.startswith(f"{RUN}.")


def menu_number(action_id: str) -> int | None:
    """Which menu of its message an `action_id` names; None if it is no menu's."""
    number = action_id[len(MENU_PREFIX) :]
    is_menu = action_id.startswith(MENU_PREFIX) and number.isascii() and number.isdecimal() and len(number) <= 3
    return int(number) if is_menu else None


def _is_name(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and _OF_NAMES.issuperset(text)
