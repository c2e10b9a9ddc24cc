"""Runs branches and iterations side by side: the first that fails ends all of them at once.

"If any branch fails, because of an unhandled error or by transitioning to a Fail state, the entire Parallel state is
considered to have failed and all its branches are stopped."
https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
"If an iteration fails, ... all the iterations are stopped":
https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
"""

from __future__ import annotations

import threading
from contextvars import copy_context
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue
from typing import TYPE_CHECKING

from chatops_local.ministack.state_machines import scopes
from chatops_local.ministack.state_machines.scopes import StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class _End:
    index: int
    result: object = None
    error: Exception | None = None


def run_together(bodies: Sequence[Callable[[], object]], most_at_once: int = 0) -> list[object]:
    """Run every body in a thread of its own.

    Args:
        bodies: what to run.
        most_at_once: how many at the same time; 0 for all of them.

    Returns:
        What the bodies returned, in their order.

    Raises:
        Exception: of the first body that raised one. The others are stopped, and nobody waits for them: a call that
            one of them has made goes on, and its answer is of no consequence.
        StoppedError: if the scope around all this was stopped.
    """
    ends: SimpleQueue[_End | None] = SimpleQueue()
    scope = scopes.current()
    results: list[object] = [None] * len(bodies)
    waiting = iter(enumerate(bodies))
    with scope.inner() as group, scope.on_stop(lambda: ends.put(None)):
        for one in islice(waiting, most_at_once or len(bodies)):
            _start(*one, group, ends)
        for _ in bodies:
            end = ends.get()
            if end is None:
                raise StoppedError
            if end.error is not None:
                raise end.error
            results[end.index] = end.result
            for one in islice(waiting, 1):
                _start(*one, group, ends)
    return results


def _start(index: int, body: Callable[[], object], group: scopes.Scope, ends: SimpleQueue[_End | None]) -> None:
    def run() -> None:
        with scopes.entered(group):
            try:
                end = _End(index, result=body())
            except StoppedError:
                return
            except Exception as error:  # noqa: BLE001 - it ends the state, in the thread that waits
                end = _End(index, error=error)
        ends.put(end)

    # MiniStack keeps the account and the region in context variables, we the execution.
    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
