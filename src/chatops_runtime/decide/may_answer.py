"""Who may answer a question: approvers an approval, but nobody their own; everything else who asked for the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.authorization.rule import who_may
from chatops_runtime.contracts import asking, control, decision
from chatops_runtime.decide import words
from chatops_runtime.decide.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.authorization.authorizer import Authorizer
    from chatops_runtime.decide.click import Click
    from chatops_runtime.decide.target import Target
    from chatops_runtime.decide.turn import Turn


def refusal(click: Click, target: Target, turn: Turn, authorizer: Callable[[], Authorizer]) -> Outcome | None:
    """Why who clicked may not answer so, or None. Slack is asked last, and only for approvals.

    Args:
        click: The click.
        target: What it is about.
        turn: The turn that waits.
        authorizer: Knows who is in a user group.
    """
    requester = turn.request["user_id"]
    if turn.kind != asking.APPROVAL:
        if click.user_id == requester:
            return None
        return Outcome(decision.NOT_ALLOWED, words.only_requester(target, requester))
    if click.user_id == requester:
        # By denying they withdraw what they asked for.
        own = Outcome(decision.NOT_ALLOWED, words.own_request(target))
        return own if click.action_id == control.APPROVE else None
    judgement = authorizer().judge(
        turn.question["by"],
        user_id=click.user_id,
        channel_id=click.channel_id,
        arguments=turn.request["arguments"],
    )
    if judgement.allowed:
        return _counted_already(click, target, turn)
    if judgement.detail:
        return Outcome(decision.NOT_ALLOWED, words.not_vouched_for(target, judgement), detail=judgement.detail)
    return Outcome(decision.NOT_ALLOWED, words.no_approver(target, who_may(turn.question["by"], mentions=True)))


def _counted_already(click: Click, target: Target, turn: Turn) -> Outcome | None:
    """Who has approved counts once; they can still deny."""
    if click.action_id != control.APPROVE or click.user_id not in turn.approved_by:
        return None
    text = words.counted_already(target, len(turn.approved_by), turn.question["quorum"])
    return Outcome(decision.COUNTED_ALREADY, text)
