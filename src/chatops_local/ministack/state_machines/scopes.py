"""What runs and can be stopped as one: an execution, or the branches of one of its states."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event, Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class StoppedError(BaseException):
    """Unwinds a thread whose scope was stopped.

    No Exception, so that nothing on the way takes it for an error of a state.
    """


class Scope:
    """Something that can be stopped from another thread, whatever it waits for."""

    def __init__(self) -> None:
        """Start it."""
        self._lock = Lock()
        self._stopped = Event()
        self._when_stopped: dict[object, Callable[[], object]] = {}

    @property
    def is_stopped(self) -> bool:
        """Whether it was stopped."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Wake whatever waits in it; nothing in it goes on."""
        with self._lock:
            self._stopped.set()
            woken = list(self._when_stopped.values())
            self._when_stopped.clear()
        for wake in woken:
            wake()

    def check(self) -> None:
        """Go on only if it was not stopped.

        Raises:
            StoppedError: if it was.
        """
        if self.is_stopped:
            raise StoppedError

    def sleep(self, seconds: float) -> None:
        """Wait, unless it is stopped.

        Raises:
            StoppedError: if it was stopped, at once.
        """
        if self._stopped.wait(max(0.0, seconds)):
            raise StoppedError

    @contextmanager
    def on_stop(self, wake: Callable[[], object]) -> Iterator[None]:
        """Call ``wake`` when it is stopped within the block, or at once if it was already."""
        key = object()
        with self._lock:
            was_stopped = self.is_stopped
            if not was_stopped:
                self._when_stopped[key] = wake
        if was_stopped:
            wake()
        try:
            yield
        finally:
            with self._lock:
                self._when_stopped.pop(key, None)

    @contextmanager
    def inner(self) -> Iterator[Scope]:
        """A scope that is stopped with this one, and at the end of the block."""
        inner = Scope()
        with self.on_stop(inner.stop):
            try:
                yield inner
            finally:
                inner.stop()


_current: ContextVar[Scope | None] = ContextVar("chatops_local_scope", default=None)


def current() -> Scope:
    """The scope of this thread. Outside of executions it is one that nobody stops."""
    return _current.get() or Scope()


@contextmanager
def entered(scope: Scope) -> Iterator[None]:
    """Make it the scope of this thread within the block."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)
