"""What is said to somebody who clicked, in Slack's markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.contracts import asking
from chatops_runtime.slack import mrkdwn

if TYPE_CHECKING:
    from chatops_runtime.authorization.authorizer import Judgement
    from chatops_runtime.decide.target import Target
    from chatops_runtime.decide.turn import Ending

OTHER_WORKSPACE = "Only people of this app's own workspace can do that."
UNKNOWN = "This belongs to no command that there is any more."

_ENDINGS = {
    asking.APPROVED: "was approved by {by}.",
    asking.DENIED: "was denied by {by}.",
    asking.CONFIRMED: "was confirmed by {by}.",
    asking.DECLINED: "was called off by {by}.",
    asking.CHOSEN: "has its choice from {by}.",
    asking.CANCELLED: "was cancelled by {by}.",
    asking.EXPIRED: "is off: nobody answered in time.",
}


def ended(target: Target, ending: Ending) -> str:
    """How its question ended."""
    by = ", ".join(map(mrkdwn.user, ending.by))
    return f"{target.name} {_ENDINGS[ending.state].format(by=by)}"


def chosen(target: Target, user_id: str, labels: list[str]) -> str:
    """What somebody chose."""
    return f"{target.name}: {mrkdwn.user(user_id)} chose {', '.join(map(mrkdwn.code, labels))}."


def cancelling(target: Target, user_id: str) -> str:
    """Somebody cancels it while it runs."""
    return f"{target.name} is being cancelled by {mrkdwn.user(user_id)}."


def over(target: Target) -> str:
    """There is nothing left to decide or to cancel."""
    return f"{target.name} is over."


def only_requester(target: Target, user_id: str) -> str:
    """Somebody else wanted to answer, or to cancel."""
    return f"Only {mrkdwn.user(user_id)}, who asked for {target.name}, can do that."


def own_request(target: Target) -> str:
    """Who asked for it wanted to approve it."""
    return f"You asked for {target.name} yourself, so somebody else has to approve it. You can withdraw it with Deny."


def no_approver(target: Target, who_may: str) -> str:
    """Somebody else wanted to decide."""
    return f"You may not decide about {target.name}. Those who may: {who_may}."


def not_vouched_for(target: Target, judgement: Judgement) -> str:
    """Slack did not say whether they may decide."""
    return (
        f"Nobody could tell whether you may decide about {target.name}, so nothing was decided: "
        f"{mrkdwn.literal(judgement.detail)}."
    )


def counted_already(target: Target, count: int, quorum: int) -> str:
    """Somebody wanted to approve a second time."""
    return f"Your approval of {target.name} counts already: there are {count} of {quorum}."


def none_chosen() -> str:
    """Submit, with nothing chosen."""
    return "Choose something first."


def too_many_chosen(chosen: int, most: int) -> str:
    """Submit, with more than may be."""
    return f"You chose {chosen}: choose {'one' if most == 1 else f'{most} at most'}."


def not_offered() -> str:
    """Submit, with what the question does not offer."""
    return "That is not offered here any more."
