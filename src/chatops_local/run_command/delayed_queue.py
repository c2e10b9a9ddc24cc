"""A queue whose items come out when they are due."""

from __future__ import annotations

import heapq
import time
from itertools import count
from threading import Condition
from typing import Generic, TypeVar

Item = TypeVar("Item")


class DelayedQueue(Generic[Item]):
    """Gives items out in the order in which they are due; those that are due at the same time as they were put in."""

    def __init__(self) -> None:
        """Start empty."""
        self._changed = Condition()
        self._heap: list[tuple[float, int, Item]] = []
        self._numbers = count()
        self._closed = False

    def put(self, item: Item, due: float) -> None:
        """Give `item` out at `due` on the monotonic clock."""
        with self._changed:
            heapq.heappush(self._heap, (due, next(self._numbers), item))
            self._changed.notify()

    def get(self) -> Item | None:
        """The next item, once it is due; `None` once the queue is closed and no item is due."""
        with self._changed:
            while True:
                left = self._heap[0][0] - time.monotonic() if self._heap else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._heap)[2]
                if self._closed:
                    return None
                self._changed.wait(left)

    def close(self) -> None:
        """Give out what is due by now, and nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify()
