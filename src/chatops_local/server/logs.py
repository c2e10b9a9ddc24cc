"""CloudWatch Logs of a running local cloud: searches in it are slow and hard as a test wants them to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_local.server.emulator_process import EmulatorProcess


class Logs:
    """What a test does to CloudWatch Logs. It concerns every caller, the test itself as well."""

    def __init__(self, process: EmulatorProcess) -> None:
        """Talk to the emulator's process."""
        self._process = process

    def pages(self, most: int | None = None, *, with_empty: bool = False) -> None:
        """Let a page of FilterLogEvents hold so many events.

        Args:
            most: how many. Default: as many as on AWS, 10,000.
            with_empty: whether an empty page comes before each.
        """
        self._process.call("log_pages", most=most, with_empty=with_empty)

    def throttle(self, operation: str, times: int = 1) -> None:
        """Refuse the next calls of an operation, such as ``FilterLogEvents``, with ``ThrottlingException``."""
        self._process.call("logs_throttle", action=operation, times=times)

    def slow_queries(self, looks: int = 0) -> None:
        """Let queries of Logs Insights that are started from now on be running at so many looks at their results."""
        self._process.call("slow_log_queries", looks=looks)

    @property
    def stopped_queries(self) -> list[str]:
        """The ids of the queries that were stopped."""
        stopped: list[str] = self._process.call("stopped_log_queries")
        return stopped
