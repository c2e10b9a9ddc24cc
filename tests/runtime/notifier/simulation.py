"""Several machines in simulated time: one runs at a time, and time passes only while all of them sleep."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Simulation:
    """A clock, and machines that sleep by it."""

    def __init__(self, began: float = 1_795_309_430.0) -> None:
        self._now = began
        self._wakes: dict[threading.Thread, float] = {}
        self._may_run: dict[threading.Thread, threading.Event] = {}
        self._asleep = threading.Event()
        self._errors: list[BaseException] = []

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        machine = threading.current_thread()
        self._wakes[machine] = self._now + seconds
        self._asleep.set()
        self._may_run[machine].wait()
        self._may_run[machine].clear()

    def run(self, machines: Sequence[Callable[[], None]]) -> None:
        """Run all of them to their ends, each from now on."""
        threads = [threading.Thread(target=self._live, args=(machine,), daemon=True) for machine in machines]
        for thread in threads:
            self._may_run[thread] = threading.Event()
            self._wakes[thread] = self._now
            thread.start()
        while self._wakes:
            thread = min(self._wakes, key=lambda each: (self._wakes[each], threads.index(each)))
            self._now = max(self._now, self._wakes.pop(thread))
            self._asleep.clear()
            self._may_run[thread].set()
            assert self._asleep.wait(10), "a machine neither sleeps nor ends"
        if self._errors:
            raise self._errors[0]

    def _live(self, machine: Callable[[], None]) -> None:
        self._may_run[threading.current_thread()].wait()
        self._may_run[threading.current_thread()].clear()
        try:
            machine()
        except BaseException as error:  # noqa: BLE001 - raised again by `run`
            self._errors.append(error)
        finally:
            self._asleep.set()
