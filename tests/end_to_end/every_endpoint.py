"""Permissions that every endpoint has, and that are tested once for all of them: in tests/end_to_end/told."""

from __future__ import annotations


def is_to_tell(policy: str, action: str, reached: str) -> bool:
    """Whether an endpoint needs it to tell how commands end, but for invoking *report*.

    Args:
        policy: The logical id of the policy.
        action: The action.
        reached: The logical id of what is reached; empty if the template has none.
    """
    return (
        policy.startswith(("SlackEndings", "SlackRefusals"))
        or (policy.startswith("SlackTellingPolicy") and action != "lambda:InvokeFunction")
        or (policy.startswith("SlackDispatchRole") and action == "states:StartExecution" and not reached)
    )
