"""Whether a fired schedule went well, and if not, why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.cloud.verdict import problems_of_executions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud.tick import Tick
    from chatops_local.server.observations import AsynchronousInvocation
    from chatops_local.server.scheduler import Delivery

_NO_QUEUE = "none"
_SENT = "sent"


def problems_of_tick(tick: Tick, *, timed_out_after: float | None = None) -> list[str]:
    """What went wrong with a schedule that was fired, and is over or was given up; empty if nothing did.

    Args:
        tick: The firing.
        timed_out_after: After how many seconds it was given up. Default: it is over.
    """
    problems = [problem for delivery in tick.deliveries for problem in _of_delivery(delivery)]
    problems += problems_of_executions(tick.executions)
    problems += [_of_function(invocation) for invocation in tick.functions if invocation.error]
    if timed_out_after is not None:
        problems.append(f"not over after {timed_out_after:g} s: {_running(tick)}")
    problems += [
        f"{refusal.service} did not reach {refusal.target} for {refusal.source}: {refusal.reason}"
        for refusal in tick.refusals
    ]
    return problems


def _of_delivery(delivery: Delivery) -> Iterator[str]:
    if not delivery.error:
        return
    yield f"EventBridge Scheduler gave up after {_tries(delivery.attempts)}: {delivery.error}: {delivery.message}"
    if delivery.dead_letter == _NO_QUEUE:
        yield "the schedule has no dead-letter queue: nothing would tell of this"
    elif delivery.dead_letter != _SENT:
        yield f"its dead-letter queue did not take it: {delivery.dead_letter}"


def _of_function(invocation: AsynchronousInvocation) -> str:
    tried = f"after {_tries(invocation.attempts)}"
    return f"function {invocation.function} failed {tried}: {invocation.error}: {invocation.message}"


def _tries(attempts: int) -> str:
    return f"{attempts} attempt{'s' * (attempts != 1)}"


def _running(tick: Tick) -> str:
    running = [
        f"execution {each.name} of {each.state_machine} is {each.status}"
        for each in tick.executions
        if not each.is_over
    ]
    return ", ".join(running + [f"function {each.function} runs" for each in tick.functions if not each.is_over])
