"""What people type: `approve production`, `reject production [reason…]`, `status`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.contracts.delivery import LONGEST_REASON
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE = "approve STAGE [reason…] | reject STAGE [reason…] | status"

VERBS = ("approve", "reject")

_EXECUTION = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class OrderError(ValueError):
    """What was typed is no order. The text says why, without what was typed."""


@dataclass(frozen=True)
class Answer:
    """Approve or reject.

    Attributes:
        approved: Which of the two.
        stage: To which stage the delivery is to go, or not.
        execution: The pipeline execution that was shown; empty: the one that waits.
        reason: Why; empty without one.
    """

    approved: bool
    stage: str
    execution: str
    reason: str


@dataclass(frozen=True)
class Status:
    """Say how it is."""


def parse(text: str, stages: Sequence[str]) -> Answer | Status:
    """The order in what was typed; nothing typed asks for the status.

    `STAGE/EXECUTION` in the place of the stage is that execution and no other one. A button says it, and has to say it
    first: `production/8f3c… approve`.

    Args:
        text: What was typed.
        stages: The stages that there are.

    Raises:
        OrderError: It is none.
    """
    words = text.split()
    if not words or words[0].lower() == "status":
        if words[1:]:
            raise OrderError("nothing is expected after status")
        return Status()
    first, second, reason = [*text.split(maxsplit=2), "", ""][:3]
    verb, place = (first, second) if first.lower() in VERBS else (second, first)
    if verb.lower() not in VERBS:
        raise OrderError("there is none of approve, reject and status at its beginning")
    stage, execution = _place(place, stages)
    if len(reason) > LONGEST_REASON:
        raise OrderError(f"the reason has {len(reason)} characters; at most {LONGEST_REASON} are kept")
    return Answer(verb.lower() == "approve", stage, execution, one_line(reason, LONGEST_REASON))


def _place(text: str, stages: Sequence[str]) -> tuple[str, str]:
    typed, slash, execution = text.partition("/")
    stage = next((stage for stage in stages if stage.casefold() == typed.casefold()), None)
    if stage is None:
        raise OrderError(f"after approve or reject comes the stage: {' or '.join(stages)}")
    if slash and not _EXECUTION.fullmatch(execution.lower()):
        raise OrderError("what follows the stage is no id of an execution")
    return stage, execution.lower()
