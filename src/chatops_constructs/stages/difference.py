"""A difference between stages that is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems, matches

if TYPE_CHECKING:
    from collections.abc import Sequence

PATH = re.compile(r"[^/\s][^/]*(/[^/]+)*")


@dataclass(frozen=True)
class Difference:
    """Says to `assert_stage_parity` where stages may differ, and why.

    Example:
        from chatops_constructs import Difference

        differences = [
            Difference("Bots/Alarm", only_in=["production"], reason="nobody is woken for staging"),
            Difference("Bots/Uploads", properties=["DeletionPolicy"], reason="staging is thrown away"),
        ]

    Attributes:
        path: The construct's path below the stage, as the message of the failure has it. What is below it is meant too.
        reason: Why. Whoever reads it next asks.
        properties: The properties that differ, as the message has them; what is below one is meant too. Default: any.
        only_in: The names of the stages that have it; the others do not. Default: all have it.
    """

    path: str
    reason: str = field(kw_only=True)
    properties: Sequence[str] = field(default=(), kw_only=True)
    only_in: Sequence[str] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        """Check it.

        Raises:
            ValueError: The path or the reason is empty, or a list is a single text.
        """
        problems = Problems(f"Difference {self.path!r}")
        remedy = "copy it from the message of assert_stage_parity"
        problems.check(
            matches(PATH, self.path),
            "path",
            self.path,
            "a construct's path below the stage, without / at its ends",
            remedy,
        )
        problems.check(
            bool(self.reason.strip()), "reason", self.reason, "why the stages differ", "write it for the next reader"
        )
        problems.check(
            not isinstance(self.properties, str), "properties", self.properties, "a list", "put it in brackets"
        )
        problems.check(not isinstance(self.only_in, str), "only_in", self.only_in, "a list", "put it in brackets")
        problems.check(
            not (self.properties and self.only_in),
            "only_in",
            self.only_in,
            "either properties or only_in",
            "what one stage does not have at all has no properties there: leave properties out",
        )
        problems.raise_if_any()
