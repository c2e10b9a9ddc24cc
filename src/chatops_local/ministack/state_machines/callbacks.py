"""Task tokens as long as AWS's may be, whose they are, and what is waited for with them.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

from __future__ import annotations

import base64
import os
import threading
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from chatops_local.ministack.state_machines import scopes
from chatops_local.ministack.state_machines.scopes import StoppedError

TOKEN_LENGTH = 2048
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html"""


@dataclass(frozen=True)
class Reply:
    """What SendTaskSuccess or SendTaskFailure said.

    Args:
        output: the text of the output, for a success.
        error: the name of the error, for a failure.
        cause: its cause.
    """

    output: str = ""
    error: str | None = None
    cause: str = ""


@dataclass(frozen=True)
class Callback:
    """A task that waits for its token to come back.

    Args:
        token: its token.
        state_machine: the state machine of its execution.
    """

    token: str
    state_machine: str
    _replies: SimpleQueue[Reply | None] = field(default_factory=SimpleQueue, repr=False)

    def reply(self, reply: Reply) -> None:
        """End the wait."""
        self._replies.put(reply)

    def wait(self, seconds: float | None) -> Reply:
        """The reply.

        Raises:
            TimeoutError: if none comes in time.
            StoppedError: if the task's scope is stopped before.
        """
        scope = scopes.current()
        with scope.on_stop(lambda: self._replies.put(None)):
            try:
                reply = self._replies.get(timeout=seconds)
            except Empty:
                raise TimeoutError from None
        if reply is None or scope.is_stopped:
            raise StoppedError
        return reply


class Callbacks:
    """All tokens that were ever given out, and the tasks that wait."""

    def __init__(self) -> None:
        """Start without any."""
        self._lock = threading.Lock()
        self._waiting: dict[str, Callback] = {}
        self._state_machines: dict[str, str] = {}

    def open(self, token: str, state_machine: str) -> Callback:
        """Wait for a token from now on. It is closed by its reply, or by :meth:`close`."""
        callback = Callback(token, state_machine)
        with self._lock:
            self._waiting[token] = callback
            self._state_machines[token] = state_machine
        return callback

    def close(self, token: str) -> Callback | None:
        """Whoever waits for the token; from now on nobody does."""
        with self._lock:
            return self._waiting.pop(token, None)

    def is_open(self, token: str) -> bool:
        """Whether a task waits for the token."""
        return token in self._waiting

    def state_machine_of(self, token: str) -> str | None:
        """The state machine whose execution got the token; None for a token that was never given."""
        return self._state_machines.get(token)


def new_token() -> str:
    """A token as long as AWS's may be, of all characters of base64, with two `=` at its end."""
    return base64.b64encode(os.urandom(TOKEN_LENGTH * 3 // 4 - 2)).decode()
