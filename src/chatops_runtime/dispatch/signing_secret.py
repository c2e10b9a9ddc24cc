"""The signing secret, and for a while the one that it replaced."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatops_runtime.dispatch.parameters import Parameter

PREVIOUS_SECONDS = 300
"""How long a replaced secret is accepted: what Slack signed just before it was replaced may still be on its way."""


class SigningSecret:
    """What this process knows of the secret: every reading of its parameter is shown to it."""

    def __init__(self) -> None:
        """Without knowing any yet."""
        self._current: Parameter | None = None
        self._seen_at = 0.0
        self._previous: str | None = None
        self._previous_until = 0.0

    @property
    def is_missing(self) -> bool:
        """Whether there was none when the parameter was last read."""
        return self._current is None

    def see(self, parameter: Parameter | None, now: float) -> None:
        """Take what was read, at `now`; None if there is no such parameter.

        What it replaces is accepted until five minutes after that was done, not after it was noticed: a function may
        have slept in between for as long as Lambda likes. A parameter says when its present value was written; if
        there were others in between, it is only known that the replaced one was good when it was last seen.
        """
        before = self._current
        if before is not None and parameter is not None and parameter.value != before.value:
            replaced_at = parameter.modified_at if parameter.version == before.version + 1 else self._seen_at
            self._previous, self._previous_until = before.value, replaced_at + PREVIOUS_SECONDS
        self._current, self._seen_at = parameter, now

    def accepted(self, now: float) -> tuple[str, ...]:
        """The secrets that may have signed a request; none if the parameter is missing."""
        if self._current is None:
            return ()
        if self._previous is None or now >= self._previous_until:
            return (self._current.value,)
        return (self._current.value, self._previous)
