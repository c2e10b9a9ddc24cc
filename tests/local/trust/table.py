"""Renders docs/trust.md from the canaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.local.trust.canaries import Canary

HEAD = """\
# Why believe it

<!-- Made by `python -m tests.local.trust` from the marks of the tests: change those. -->

A local cloud that lets through what AWS denies is worse than none, and one that denies what AWS lets through wastes a
day. So each behaviour below has a page on which AWS says so, and tests that go both ways: one does what may be done,
and it is done; one does what may not be done, and it is not. All of them run with every change.

What none of our tests can tell is whether AWS does what it says. Readings of its documentation that no real account has
confirmed are marked in the source where they are made.

Nor may anything get lost: `make soak` types slash commands into [examples/ops_bot](../examples/ops_bot) for half an
hour, on a local cloud that grows old and on dozens of new ones, and has some delivered twice. It fails if a command
was not acked, run and answered, or was run or answered twice. `MINUTES=5` is for the impatient.

## Behaviours

"""
ACTIONS = """
## IAM actions

A stack is refused if a role of it is given an action that nothing here is denied without. These are all that are
admitted. [`chatops-local coverage`](local-cloud.md#iam) tells about those of your app.

"""


def page(canaries: Iterable[Canary]) -> str:
    """The whole page."""
    known = list(canaries)
    return HEAD + "\n".join(_behaviours(known)) + "\n" + ACTIONS + "\n".join(_actions(known)) + "\n"


def _behaviours(canaries: list[Canary]) -> list[str]:
    rows = ["| behaviour | AWS says so | may, and is done | may not, and is not |", "|---|---|---|---|"]
    for behaviour in sorted({canary.behaviour for canary in canaries}, key=lambda text: text.strip("`").lower()):
        of_it = [canary for canary in canaries if canary.behaviour == behaviour]
        sources = ", ".join(f"[here]({source})" for source in sorted({canary.source for canary in of_it}))
        rows.append(f"| {behaviour} | {sources} | {_tests(of_it, 'allow')} | {_tests(of_it, 'deny')} |")
    return rows


def _actions(canaries: list[Canary]) -> list[str]:
    """Actions that the same tests show are in one row."""
    rows: dict[str, list[str]] = {}
    for action in sorted({action for canary in canaries for action in canary.actions}):
        of_it = [canary for canary in canaries if action in canary.actions]
        rows.setdefault(f"{_tests(of_it, 'allow')} | {_tests(of_it, 'deny')}", []).append(f"`{action}`")
    head = ["| actions | with it, it is done | without it, it is not |", "|---|---|---|"]
    return [*head, *(f"| {', '.join(actions)} | {tests} |" for tests, actions in rows.items())]


def _tests(canaries: list[Canary], kind: str) -> str:
    found = sorted({(canary.test, canary.file) for canary in canaries if canary.canary == kind})
    return "<br>".join(
        f"[{test.rpartition('.')[2].removeprefix('test_').replace('_', ' ')}](../{file})" for test, file in found
    )
