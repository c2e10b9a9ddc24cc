"""What is said to whoever asked, in Slack's markup. It mentions whoever answered, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.delivery.orders import USAGE
from chatops_runtime.slack.mrkdwn import code, literal, user

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops_runtime.authorization.unknown import UnavailableError
    from chatops_runtime.delivery.authors import AuthorUnknownError
    from chatops_runtime.delivery.commit import Commit
    from chatops_runtime.delivery.orders import Answer, OrderError
    from chatops_runtime.delivery.pipeline import StageState, Waiting

SHORT = 8
"""Characters of an execution's id."""

# A mark and a word: not everybody can tell a mark by its colour.
_MARKS = {
    "Succeeded": ":white_check_mark:",
    "Failed": ":x:",
    "InProgress": ":hourglass_flowing_sand:",
    "": ":white_circle:",
}
_OTHER = ":grey_question:"
_NOTHING_DONE = ":x: Nothing was approved or rejected"


def usage(error: OrderError) -> str:
    """Why what was typed is no order, and what is one."""
    return f"{_NOTHING_DONE}: {literal(str(error))}. Write {code(USAGE)}"


def nothing_waits(order: Answer) -> str:
    """To an answer where there is no question."""
    what = f"execution {code(short(order.execution))}" if order.execution else "anything"
    return f"{_NOTHING_DONE}: it is not so that {what} waits for an approval for *{literal(order.stage)}* now."


def another_waits(order: Answer, waiting: Waiting) -> str:
    """To an answer about an execution that does not wait any more."""
    return (
        f"{_NOTHING_DONE}: execution {code(short(order.execution))} does not wait for *{literal(order.stage)}* any "
        f"more. {code(short(waiting.execution))} does: look at its notice, or ask for the {code('status')}."
    )


def author_unknown(commit: Commit, unknown: AuthorUnknownError) -> str:
    """To an approval of what nobody knows to be somebody else's."""
    return (
        f"{_NOTHING_DONE}: nobody may approve what they wrote, and {literal(str(unknown))}. "
        f"Author: {code(commit.author or 'unknown')}. In the console of CodePipeline it can be approved meanwhile."
    )


def slack_unavailable(unavailable: UnavailableError) -> str:
    """To an approval while Slack cannot be asked."""
    return f"{_NOTHING_DONE}: Slack cannot be asked who wrote this ({literal(str(unavailable))}). Try again in a while."


def own_commit(commit: Commit) -> str:
    """To an approval of one's own work."""
    return f"{_NOTHING_DONE}: {_commit(commit)} is yours, and somebody else has to approve it."


def answered_before(waiting: Waiting) -> str:
    """To whoever was second."""
    return f"{_NOTHING_DONE}: somebody was faster with execution {code(short(waiting.execution))}."


def answered(order: Answer, waiting: Waiting, commit: Commit, user_id: str) -> str:
    """What was done."""
    mark, verb = (":white_check_mark:", "approved") if order.approved else (":no_entry:", "rejected")
    reason = f": {literal(order.reason)}" if order.reason else ""
    return (
        f"{mark} {user(user_id)} {verb} {_commit(commit)} for *{literal(waiting.name)}*{reason} "
        f"(execution {code(short(waiting.execution))})"
    )


def status(states: Sequence[StageState], waiting: Sequence[Waiting], commits: Mapping[str, Commit]) -> str:
    """Each stage of the pipeline, and what waits."""
    lines = [_stage(state) for state in states]
    for one in waiting:
        approve = f"approve {one.name}/{one.execution}"
        lines.append(
            f":raised_hand: {_commit(commits[one.execution])} waits for *{literal(one.name)}*: {code(approve)} or "
            f"{code(approve.replace('approve', 'reject', 1))}"
        )
    return "\n".join(lines)


def short(execution: str) -> str:
    """An execution's id, as far as people need it."""
    return execution[:SHORT]


def _stage(state: StageState) -> str:
    mark = _MARKS.get(state.status, _OTHER)
    if not state.status:
        return f"{mark} *{literal(state.name)}*: not reached yet"
    return f"{mark} *{literal(state.name)}*: {literal(state.status)} ({code(short(state.execution))})"


def _commit(commit: Commit) -> str:
    if not commit.id:
        return "a commit that the source action does not name"
    by = f" by {literal(commit.author)}" if commit.author else ""
    title = f" ({literal(commit.title)})" if commit.title else ""
    return f"{code(commit.short_id)}{by}{title}"
