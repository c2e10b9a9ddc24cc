"""Why a script ran on no instance at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_TARGETS = 200
_LONGEST_STATUS = 60


def reason(result: Mapping[str, Any]) -> tuple[str, str]:
    """Why, and what to do about it, as markup; of a run_command `result` without instances."""
    targets = mrkdwn.code(text_budget.cut(one_line(result["targets"], _LONGEST_TARGETS), _LONGEST_TARGETS))
    online, needed = result.get("online", 0), result.get("min_targets", 1)
    if 0 < online < needed:
        why = f"{online} of at least {needed} instances of {targets} {'is' if online == 1 else 'are'} online"
        advice = "Check that the others are running and that their SSM agent reaches Systems Manager."
    elif online:
        status = one_line(result.get("command_status", ""), _LONGEST_STATUS)
        named = f" ({mrkdwn.code(status)})" if status else ""
        why = f"Systems Manager names no instance of {targets} that it ran on{named}"
        advice = "Check whether they were terminated, or lost their tag, since the run began."
    elif result["offline"]:
        why = f"no instance of {targets} is online"
        advice = "Check that they are running and that their SSM agent reaches Systems Manager."
    elif "=" in result["targets"]:
        why = f"no managed instance carries the tag {targets}"
        advice = (
            "Check that instances with this tag are running and registered with Systems Manager: "
            "the SSM agent runs on them and their instance profile lets it register."
        )
    else:
        why = f"no managed instance has the id {targets}"
        advice = (
            "Check that it is running and registered with Systems Manager: "
            "the SSM agent runs on it and its instance profile lets it register."
        )
    return why, advice
