"""What a user's function answered, as `chatops_runtime.contracts.reply` has it."""

from __future__ import annotations

from typing import Any

from chatops_runtime.command_function.reply import Reply


def to_contract(answer: object, *, name: str) -> dict[str, Any] | None:
    """The answer, checked.

    Args:
        answer: What the function returned.
        name: The function's, for an error.

    Raises:
        TypeError: It is something else than a Reply, a str or None.
    """
    if answer is None:
        return None
    if isinstance(answer, str):
        return Reply(answer).to_contract()
    if isinstance(answer, Reply):
        return answer.to_contract()
    raise TypeError(f"{name} answered with a value of type {type(answer).__name__}: return a Reply, a str or None")
